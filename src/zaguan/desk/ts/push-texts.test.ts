import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, deviceName, digestOf } from "./push-texts.ts";

test("a key of a push service becomes its bytes", () => {
  assert.deepEqual([...bytesOf("-_8AAQ")], [251, 255, 0, 1]);
});

test("a device is found by the digest of its address", async () => {
  assert.equal(await digestOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("a device is called by its browser and its system", () => {
  assert.equal(deviceName("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"), "Chrome, Android");
  assert.equal(deviceName("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1"), "Safari, iOS");
  assert.equal(deviceName("something else"), "");
});
