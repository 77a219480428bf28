// Who else looks at this ticket or types in it; and the word that we are here.
import { bind, first } from "../../../ui/ts/dom";
import { openTicket, post } from "./page";

const STILL_HERE = 20_000;
const TYPING_ENDS = 6_000;

interface Present {
  id: number;
  name: string;
  typing: boolean;
}

let typingTimer = 0;
let state = "looking";
let others: Present[] = [];

const address = (): string => `${openTicket()?.dataset.url ?? ""}presence`;

/** Those who type now, besides us. */
export const whoTypes = (): string[] => others.filter((each) => each.typing).map((each) => each.name);

/** The colour that the server gives the same person: CRC-32 of the key, in twelve hues. */
export function hue(key: string): number {
  let crc = ~0;
  for (const byte of new TextEncoder().encode(key)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (~crc >>> 0) % 12;
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return `${words[0]?.[0] ?? "?"}${words.length > 1 ? (words.at(-1)?.[0] ?? "") : ""}`.toUpperCase();
}

function draw(): void {
  const box = document.getElementById("ticket-watchers");
  if (!box) return;
  const faces = others.map((each) => {
    const face = document.createElement("span");
    face.className = "avatar avatar--s";
    face.dataset.hue = String(hue(String(each.id)));
    face.dataset.tip = each.name;
    face.setAttribute("role", "img");
    face.setAttribute("aria-label", each.name);
    face.textContent = initials(each.name);
    return face;
  });
  const group = document.createElement("span");
  group.className = "avatars";
  group.append(...faces);
  const typing = document.createElement("span");
  typing.className = "typing";
  typing.append(...[1, 2, 3].map(() => document.createElement("i")));
  box.replaceChildren(...(others.length ? [group] : []), ...(whoTypes().length ? [typing] : []));
  document.dispatchEvent(new CustomEvent("ticket:presence"));
}

async function say(next: string): Promise<void> {
  if (!openTicket()) return;
  state = next;
  const answer = await post(`${address()}`, new URLSearchParams({ state: next }));
  if (!answer.ok) return;
  others = ((await answer.json()) as { present: Present[] }).present;
  draw();
}

/** We are typing; said once, and taken back after a pause. */
export function typing(): void {
  if (state !== "typing") void say("typing").catch(() => undefined);
  clearTimeout(typingTimer);
  typingTimer = window.setTimeout(() => void say("looking").catch(() => undefined), TYPING_ENDS);
}

function leave(): void {
  const ticket = openTicket();
  if (ticket) void post(address(), new URLSearchParams({ state: "left" }), true).catch(() => undefined);
}

async function look(): Promise<void> {
  const answer = await fetch(address(), { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  others = ((await answer.json()) as { present: Present[] }).present;
  draw();
}

function arrive(): void {
  others = [];
  void say("looking").catch(() => undefined);
}

export function presence(root: ParentNode): void {
  bind(root, "[data-ticket-page]", arrive);
  if (!first("presence")) return;
  window.setInterval(() => {
    if (!document.hidden && openTicket()) void say(state).catch(() => undefined);
  }, STILL_HERE);
  window.addEventListener("pagehide", leave);
  document.addEventListener("ticket:leaving", leave);
  document.addEventListener("zaguan:changed", (event) => {
    const changed = (event as CustomEvent<{ changed?: string }>).detail?.changed ?? "";
    if (changed === `presence-${openTicket()?.dataset.ticket}`) void look().catch(() => undefined);
  });
}
