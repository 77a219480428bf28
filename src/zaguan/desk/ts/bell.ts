// The bell: how many are unread, counted again when something came; its panel; and reading what is about the open ticket.
import { first } from "../../ui/ts/dom";
import { place } from "../../ui/ts/place";

const AT_MOST_EVERY = 1500;

interface Count {
  unread: number;
  more: boolean;
  tickets: number[];
}

let known: number | null = null;
let last = 0;
let waiting = 0;

const bell = (): HTMLAnchorElement | null => document.querySelector<HTMLAnchorElement>("[data-bell]");
const panel = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-bell-panel]");
const csrf = (): string => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

/** The ticket that is before the agent's eyes; 0 for none. */
function openTicket(): number {
  if (document.hidden) return 0;
  return Number(/^\/desk\/tickets\/(\d+)\//.exec(location.pathname)?.[1] ?? 0);
}

function announce(link: HTMLElement, unread: number): void {
  const text = unread === 1 ? link.dataset.saidOne : link.dataset.saidMany?.replace("{n}", String(unread));
  document.getElementById("live")?.replaceChildren(text ?? "");
}

function show({ unread, more }: Count): void {
  const link = bell();
  if (!link) return;
  let badge = link.querySelector<HTMLElement>(".rail__badge");
  if (!badge) {
    badge = document.createElement("span");
    badge.className = "rail__badge";
    link.append(badge);
  }
  badge.hidden = unread === 0;
  badge.textContent = unread ? `${unread}${more ? "+" : ""}` : "";
  if (known !== null && unread > known) announce(link, unread);
  known = unread;
  const app = navigator as Navigator & { setAppBadge?: (n: number) => Promise<void>; clearAppBadge?: () => Promise<void> };
  void (unread ? app.setAppBadge?.(unread) : app.clearAppBadge?.())?.catch(() => undefined);
}

async function post(address: string, values: Record<string, string>): Promise<void> {
  await fetch(address, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": csrf() },
    body: new URLSearchParams(values),
  });
}

async function count(): Promise<void> {
  const link = bell();
  if (!link?.dataset.bell || document.hidden) return;
  last = Date.now();
  const answer = await fetch(link.dataset.bell, { headers: { Accept: "application/json" } });
  if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return;
  const found = (await answer.json()) as Count;
  const here = openTicket();
  if (here && found.tickets.includes(here)) {
    await post(link.dataset.read ?? "", { ticket: String(here) });
    found.unread -= 1;
  }
  show(found);
}

/** Soon, but not for every single change. */
function again(): void {
  if (waiting) return;
  waiting = window.setTimeout(() => {
    waiting = 0;
    void count().catch(() => undefined);
  }, Math.max(0, last + AT_MOST_EVERY - Date.now()));
}

async function open(link: HTMLAnchorElement, shown: HTMLElement): Promise<void> {
  const answer = await fetch(`${link.pathname}?part=panel`, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return location.assign(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  shown.replaceChildren(...page.body.childNodes);
  shown.showPopover();
  place(link, shown, "right");
  shown.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
}

function onClick(event: MouseEvent): void {
  const link = bell();
  const shown = panel();
  const plain = event.detail > 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  // By key, on a phone, and with a modifier it is the link that it is.
  if (!link || !shown || !plain || !(event.target instanceof Node) || !link.contains(event.target) || innerWidth < 700) return;
  event.preventDefault();
  if (shown.matches(":popover-open")) return shown.hidePopover();
  void open(link, shown).catch(() => location.assign(link.href));
}

async function readAll(event: SubmitEvent): Promise<void> {
  const form = event.target instanceof HTMLFormElement ? event.target : null;
  if (!form?.matches("[data-bell-all]")) return;
  event.preventDefault();
  await post(form.action, { all: "1" });
  panel()?.hidePopover();
  bell()?.focus();
  again();
}

export function notifications(): void {
  if (!bell() || !first("bell")) return;
  again();
  document.addEventListener("click", onClick);
  document.addEventListener("submit", (event) => void readAll(event).catch(() => undefined));
  document.addEventListener("zaguan:changed", (event) => event.detail?.what === "bell" && again());
  for (const name of ["zaguan:resync", "visibilitychange", "htmx:pushedIntoHistory"]) document.addEventListener(name, again);
}
