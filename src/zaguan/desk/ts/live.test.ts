import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./live.ts";

test("a hint names a thing and its number", () => {
  assert.deepEqual(read({ changed: "ticket-12", id: 9 }), { changed: "ticket-12", what: "ticket", id: 12, gone: false });
});

test("a hint may name a place without a number, with a dash in it", () => {
  assert.deepEqual(read({ changed: "failed-mail" }), { changed: "failed-mail", what: "failed-mail", id: 0, gone: false });
});

test("a ticket that moved out of sight is gone", () => {
  assert.equal(read({ gone: "ticket-7" })?.gone, true);
});

test("a hint about nothing is none", () => {
  assert.equal(read({ reload: true }), null);
});
