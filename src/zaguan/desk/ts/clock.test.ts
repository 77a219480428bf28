import assert from "node:assert/strict";
import { test } from "node:test";
import { clock } from "./clock.ts";

test("seconds as hours and minutes", () => {
  assert.deepEqual([0, 59, 60, 3725, 36000].map(clock), ["0:00", "0:00", "0:01", "1:02", "10:00"]);
});
