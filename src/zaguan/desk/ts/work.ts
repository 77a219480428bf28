// The clock that runs: it ticks where it is shown, every page names it, and leaving its ticket asks whether to stop it.
// And reminders: a word when the time has come.
import { showToast } from "../../ui/ts";
import { first } from "../../ui/ts/dom";
import { clock } from "./clock";

interface Running {
  ticket?: number;
  seconds?: number;
  said?: string;
  stop?: string;
}

let running: Running = {};
let fetchedAt = 0;

const mark = (): HTMLAnchorElement | null => document.querySelector<HTMLAnchorElement>("[data-running-timer]");
const at = (number: number | undefined): boolean => location.pathname.startsWith(`/desk/tickets/${number}/`);

function draw(): void {
  const link = mark();
  if (!link) return;
  link.hidden = !running.ticket;
  if (running.ticket) {
    const counted = (running.seconds ?? 0) + (Date.now() - fetchedAt) / 1000;
    link.href = `/desk/tickets/${running.ticket}/timer/stop/`;
    link.querySelector(".rail__label")?.replaceChildren(`#${running.ticket} ${clock(counted)}`);
  }
  for (const shown of document.querySelectorAll<HTMLElement>("[data-timer][data-runs]")) {
    shown.dataset.since ??= String(Date.now());
    shown.textContent = clock(Number(shown.dataset.timer) + (Date.now() - Number(shown.dataset.since)) / 1000);
  }
}

async function ask(): Promise<void> {
  const address = mark()?.dataset.runningTimer;
  if (!address) return;
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  running = (await answer.json()) as Running;
  fetchedAt = Date.now();
  draw();
}

/** Said once, where one has just left the ticket whose clock runs. */
function suggest(): void {
  const { ticket, said, stop } = running;
  if (!ticket || !said || at(ticket)) return;
  showToast({ text: said, onUndo: () => location.assign(`/desk/tickets/${ticket}/timer/stop/`) });
  const buttons = document.querySelectorAll<HTMLElement>("#toasts .toast__undo");
  buttons[buttons.length - 1]?.replaceChildren(stop ?? "");
}

async function remind(id: number): Promise<void> {
  const answer = await fetch(`/desk/reminders/${id}/`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { text, href, open } = (await answer.json()) as { text: string; href: string; open: string };
  showToast({ text, kind: "note", onUndo: () => location.assign(href) });
  const buttons = document.querySelectorAll<HTMLElement>("#toasts .toast__undo");
  buttons[buttons.length - 1]?.replaceChildren(open);
}

export function work(): void {
  document.addEventListener("zaguan:changed", (event) => {
    const { what, id } = event.detail ?? {};
    if (what === "reminder" && id) void remind(id).catch(() => undefined);
  });
  if (!mark() || !first("work")) return;
  const came = document.referrer ? new URL(document.referrer).pathname : "";
  let shown = location.pathname;
  void ask()
    .then(() => running.ticket && came.startsWith(`/desk/tickets/${running.ticket}/`) && suggest())
    .catch(() => undefined);
  setInterval(draw, 1000);
  document.addEventListener("htmx:afterRequest", (event) => {
    const path = (event as CustomEvent<{ requestConfig?: { path?: string } }>).detail.requestConfig?.path ?? "";
    if (/\/(timer|time)\//.test(path)) void ask().catch(() => undefined);
  });
  document.addEventListener("undone", () => void ask().catch(() => undefined));
  document.addEventListener("htmx:pushedIntoHistory", () => {
    const left = shown;
    shown = location.pathname;
    if (running.ticket && left.startsWith(`/desk/tickets/${running.ticket}/`)) suggest();
  });
}
