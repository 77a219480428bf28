// Where a ticket opens, what counts as read, and the button that leads to what came in below.
import { bind, first } from "../../../ui/ts/dom";
import { openTicket, post } from "./page";

const SEEN_AFTER = 900;
const NEAR = 120;

const thread = (): HTMLElement | null => document.getElementById("thread");

/** Whether the newest message is in view; the thread is laid out from its end, so the end is zero. */
export function atEnd(): boolean {
  const box = thread();
  return !box || Math.abs(box.scrollTop) < NEAR;
}

export function toEnd(): void {
  thread()?.scrollTo({ top: 0 });
  hidePill();
}

function pill(): HTMLElement | null {
  return document.getElementById("thread-more");
}

function hidePill(): void {
  pill()?.setAttribute("hidden", "");
}

/** Offer to go to what came in, without moving anything. */
export function offer(text: string): void {
  const box = pill();
  if (!box) return;
  box.querySelector("span")?.replaceChildren(text);
  box.hidden = false;
}

export function markSeen(): void {
  const ticket = openTicket();
  const shown = document.getElementById("thread-all");
  // Another tab of the ticket may stand in the place of the conversation.
  if (!ticket || !shown || document.hidden) return;
  const last = shown.dataset.last ?? "0";
  void post(`${ticket.dataset.url}seen/`, new URLSearchParams({ last })).catch(() => undefined);
}

// Where the page opened; mails that grow as they load must not move it, until the agent scrolls.
let opened: { target: Element; block: ScrollLogicalPosition } | null = null;

function hold(): void {
  opened?.target.scrollIntoView({ block: opened.block });
}

function letGo(): void {
  opened = null;
}

function start(ticket: HTMLElement): void {
  const asked = location.hash.startsWith("#message-") ? document.querySelector(location.hash) : null;
  const target = asked ?? ticket.querySelector("#unread");
  opened = target ? { target, block: asked ? "center" : "start" } : null;
  hold();
  window.setTimeout(letGo, 4000);
  for (const name of ["wheel", "touchstart", "keydown", "pointerdown"]) thread()?.addEventListener(name, letGo, { passive: true });
  window.setTimeout(markSeen, SEEN_AFTER);
  thread()?.addEventListener("scroll", () => atEnd() && hidePill(), { passive: true });
}

export function reading(root: ParentNode): void {
  bind(root, "[data-ticket-page]", start);
  if (!first("reading")) return;
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-to-newest]")) toEnd();
    if (event.target instanceof Element && event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("visibilitychange", markSeen);
  document.addEventListener("frame:height", hold);
}
