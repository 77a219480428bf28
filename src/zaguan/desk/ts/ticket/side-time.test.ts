import assert from "node:assert/strict";
import { test } from "node:test";
import { hourWords, open, spanWords } from "./side-time.ts";

test("lengths are said as the server says them", () => {
  const said = [0, 59, 60, 3600, 3900, 21_600 + 300, 90_000, 183_600, 260_000].map(spanWords);
  assert.deepEqual(said, ["0 min", "0 min", "1 min", "1 h", "1 h 5 min", "6 h", "1 d 1 h", "2 d 3 h", "3 d"]);
});

test("business time is said in hours, since its days are shorter", () => {
  assert.deepEqual([0, 3900, 45 * 3600 + 90].map(hourWords), ["0 min", "1 h 5 min", "45 h"]);
});

test("business time goes on only while the desk is open", () => {
  assert.equal(open("", 500), 0);
  assert.equal(open("0-3600 54000-86400", 500), 500);
  assert.equal(open("0-3600 54000-86400", 10_000), 3600);
  assert.equal(open("0-3600 54000-86400", 54_010), 3610);
  assert.equal(open("100-200", 50), 0);
});
