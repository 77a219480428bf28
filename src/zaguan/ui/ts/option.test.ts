import assert from "node:assert/strict";
import { test } from "node:test";
import { plain } from "./option";

test("filtering ignores accents and case", () => {
  assert.equal(plain("Atención"), "atencion");
  assert.ok(plain("São Paulo").includes(plain("SAO")));
});
