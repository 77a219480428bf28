// A list of tickets: walk with J and K, choose with X, open without leaving, hear of new ones without a jump.
import htmx from "htmx.org";
import { bind, first } from "../../ui/ts/dom";

const REFRESH_MS = 700;

const rows = (list: ParentNode): HTMLElement[] => [...list.querySelectorAll<HTMLElement>(".ticket-row")];
const link = (row: HTMLElement): HTMLAnchorElement | null => row.querySelector(".ticket-row__subject");
const theList = (): HTMLElement | null => document.querySelector("[data-list]");

/** The row with the keyboard, else the selected one. */
function current(list: HTMLElement): number {
  const all = rows(list);
  const focused = all.findIndex((row) => row.contains(document.activeElement));
  return focused >= 0 ? focused : all.findIndex((row) => "selected" in row.dataset);
}

function walk(step: number): void {
  const list = theList();
  if (!list) return;
  const all = rows(list);
  const next = all[Math.min(Math.max(current(list) + step, 0), all.length - 1)];
  if (!next) return;
  next.scrollIntoView({ block: "nearest" });
  const target = link(next);
  target?.focus({ preventScroll: true });
  // Beside an open ticket, walking opens the next one, as in a mail program.
  if (document.querySelector("[data-ticket-page]")) target?.click();
}

function choose(): void {
  const list = theList();
  if (!list) return;
  const box = rows(list)[Math.max(current(list), 0)]?.querySelector<HTMLInputElement>('input[name="ticket"]');
  box?.click();
}

function select(list: HTMLElement, number: string): void {
  for (const row of rows(list)) {
    const is = row.dataset.ticket === number;
    row.toggleAttribute("data-selected", is);
    if (is) row.removeAttribute("data-unread");
    if (is) link(row)?.setAttribute("aria-current", "true");
    else link(row)?.removeAttribute("aria-current");
  }
}

/** The rows again, the same scroll: first those that the list already shows are changed in place. */
async function refresh(list: HTMLElement): Promise<void> {
  const address = new URL(list.dataset.url ?? "", location.href);
  for (const [name, value] of new FormData(list.querySelector("form") ?? undefined)) {
    address.searchParams.set(name, String(value));
  }
  address.searchParams.set("part", "rows");
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const fresh = document.createElement("ol");
  fresh.innerHTML = await answer.text();
  apply(list, fresh);
}

function apply(list: HTMLElement, fresh: HTMLElement): void {
  const shown = new Map(rows(list).map((row) => [row.dataset.ticket, row]));
  const body = list.querySelector<HTMLElement>(".pane__body");
  const atTop = (body?.scrollTop ?? 0) < 8 && !list.matches(":hover") && !list.contains(document.activeElement);
  const holder = list.querySelector<HTMLElement>(".list__rows");
  if (!holder) return void location.reload();
  const news: string[] = [];
  for (const row of rows(fresh)) {
    const old = shown.get(row.dataset.ticket);
    if (!old) news.push(row.dataset.ticket ?? "");
    else if (old.outerHTML !== row.outerHTML) {
      row.toggleAttribute("data-selected", "selected" in old.dataset);
      const box = old.querySelector<HTMLInputElement>('input[name="ticket"]');
      const copy = row.cloneNode(true) as HTMLElement;
      copy.querySelector<HTMLInputElement>('input[name="ticket"]')?.toggleAttribute("checked", box?.checked ?? false);
      // What has the keyboard stays what it is.
      if (!old.contains(document.activeElement)) old.replaceWith(copy);
    }
  }
  if (atTop) {
    holder.replaceChildren(...fresh.children);
    htmx.process(holder);
    announce(list, []);
  } else announce(list, news);
}

/** "3 new" above the list; pressing it shows them. */
function announce(list: HTMLElement, numbers: string[]): void {
  const pill = list.querySelector<HTMLElement>("[data-new-tickets]");
  if (!pill) return;
  pill.hidden = numbers.length === 0;
  const words = pill.dataset.words ?? "%(n)s";
  pill.querySelector("button > span")?.replaceChildren(words.replace("%(n)s", String(numbers.length)));
}

function start(list: HTMLElement): void {
  let timer = 0;
  const later = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void refresh(list).catch(() => undefined), REFRESH_MS);
  };
  const listen = (): void => {
    if (list.isConnected) return later();
    for (const name of ["zaguan:changed", "zaguan:resync", "undone"]) document.removeEventListener(name, listen);
  };
  for (const name of ["zaguan:changed", "zaguan:resync", "undone"]) document.addEventListener(name, listen);
  list.querySelector("[data-new-tickets] button")?.addEventListener("click", () => {
    list.querySelector<HTMLElement>(".pane__body")?.scrollTo({ top: 0 });
    (document.activeElement as HTMLElement | null)?.blur();
    later();
  });
  list.addEventListener("change", () => chosen(list));
  list.addEventListener("click", (event) => shiftClick(list, event));
}

let lastBox: HTMLInputElement | null = null;

/** With Shift, everything between the last box and this one. */
function shiftClick(list: HTMLElement, event: MouseEvent): void {
  const box = event.target instanceof HTMLInputElement && event.target.name === "ticket" ? event.target : null;
  if (!box) return;
  const boxes = [...list.querySelectorAll<HTMLInputElement>('input[name="ticket"]')];
  if (event.shiftKey && lastBox) {
    const [from, to] = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const each of boxes.slice(from, (to ?? 0) + 1)) each.checked = box.checked;
    chosen(list);
  }
  lastBox = box;
}

function chosen(list: HTMLElement): void {
  const count = list.querySelectorAll('input[name="ticket"]:checked').length;
  list.toggleAttribute("data-choosing", count > 0);
  list.querySelector("[data-chosen-count]")?.replaceChildren(String(count));
}

export function lists(root: ParentNode): void {
  bind(root, "[data-list]", start);
  if (!first("lists")) return;
  document.addEventListener("click", (event) => {
    const action = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-walk]") : null;
    if (action?.dataset.walk === "choose") choose();
    else if (action) walk(Number(action.dataset.walk));
    const clear = event.target instanceof Element ? event.target.closest("[data-choose-none]") : null;
    const list = theList();
    if (clear && list) {
      for (const box of list.querySelectorAll<HTMLInputElement>('input[name="ticket"]')) box.checked = false;
      chosen(list);
    }
  });
  document.addEventListener("htmx:pushedIntoHistory", () => {
    const number = /tickets\/(\d+)\//.exec(location.pathname)?.[1];
    const list = theList();
    if (list && number) select(list, number);
  });
}
