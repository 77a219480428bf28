// The words must be those of ui/times.py.
import assert from "node:assert/strict";
import { test } from "node:test";
import { relative } from "./relative";

const NOW = new Date("2026-05-12T21:30:00");
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);

test("few words, as the server writes them", () => {
  assert.equal(relative(ago(0.3), NOW, "en"), "now");
  assert.equal(relative(ago(5), NOW, "en"), "5 min");
  assert.equal(relative(ago(134), NOW, "en"), "2 h 14 min");
  assert.equal(relative(ago(7 * 60 + 40), NOW, "en"), "7 h");
  assert.equal(relative(ago(13 * 60), NOW, "es"), "08:30");
  assert.equal(relative(ago(26 * 60), NOW, "en"), "yesterday");
  assert.equal(relative(ago(26 * 60), NOW, "es"), "ayer");
});
