import assert from "node:assert/strict";
import { test } from "node:test";
import { Typed } from "./typed.ts";

const options = [" Alta", "Época", "Énfasis"].map((textContent) => ({ textContent }));

test("letters in one go narrow down, after a pause they begin anew", () => {
  const typed = new Typed();
  assert.equal(typed.find("e", 1000, options), 1);
  assert.equal(typed.find("n", 1300, options), 2);
  assert.equal(typed.find("a", 2100, options), 0);
  assert.equal(typed.find("x", 2200, options), -1);
});
