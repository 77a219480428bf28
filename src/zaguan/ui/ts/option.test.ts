import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, plain } from "./option";

test("filtering ignores accents and case", () => {
  assert.equal(plain("Atención"), "atencion");
  assert.ok(plain("São Paulo").includes(plain("SAO")));
});

test("an entry fits when it has all the words, in any order", () => {
  assert.ok(fits("Fusionar con otro ticket", "TÍCKET fusio"));
  assert.ok(fits("Preguntar al back-office", "office preg"));
  assert.ok(fits("Registrar tiempo", ""));
  assert.ok(!fits("Registrar tiempo", "tiempo pdf"));
});
