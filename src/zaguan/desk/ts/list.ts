// A list of tickets: walk with J and K, choose with X, open without leaving, hear of new ones without a jump.
import htmx from "htmx.org";
import { bind, first } from "../../ui/ts/dom";

const REFRESH_MS = 300;
const FILTER_MS = 350;

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

/** Mark the row of the open ticket; opened means read. */
function select(list: HTMLElement): void {
  const number = document.querySelector<HTMLElement>("[data-ticket-page]")?.dataset.ticket;
  for (const row of rows(list)) {
    const is = row.dataset.ticket === number;
    row.toggleAttribute("data-selected", is);
    if (is) row.removeAttribute("data-unread");
    if (is) link(row)?.querySelector(".sr-only")?.remove();
    if (is) link(row)?.setAttribute("aria-current", "true");
    else link(row)?.removeAttribute("aria-current");
  }
}

function asked(list: HTMLElement): URL {
  const address = new URL(list.dataset.url ?? "", location.href);
  for (const [name, value] of new FormData(list.querySelector<HTMLFormElement>("form.list__tools") ?? undefined)) {
    if (value) address.searchParams.set(name, String(value));
  }
  return address;
}

/** The list again, the same scroll; with `whole`, at the agent's wish, everything is put as it is now. */
async function refresh(list: HTMLElement, whole = false): Promise<void> {
  const address = asked(list);
  address.searchParams.set("part", "list");
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  const fresh = template.content.querySelector<HTMLElement>(".pane__body");
  const body = list.querySelector<HTMLElement>(".pane__body");
  if (!fresh || !body) return;
  if (whole || !body.querySelector(".list__rows") || !fresh.querySelector(".list__rows")) {
    body.replaceChildren(...fresh.childNodes);
    htmx.process(body);
    renew(list);
    announce(list, []);
  } else apply(list, fresh);
  select(list);
}

function apply(list: HTMLElement, fresh: HTMLElement): void {
  const shown = new Map(rows(list).map((row) => [row.dataset.ticket, row]));
  const body = list.querySelector<HTMLElement>(".pane__body");
  const isBusy = list.matches(":hover, [data-choosing]") || list.contains(document.activeElement);
  const atTop = (body?.scrollTop ?? 0) < 8 && !isBusy;
  const holder = list.querySelector<HTMLElement>(".list__rows");
  const freshHolder = fresh.querySelector<HTMLElement>(".list__rows");
  if (!holder || !freshHolder) return;
  if (atTop) {
    holder.replaceChildren(...freshHolder.children);
    htmx.process(holder);
    return announce(list, []);
  }
  const news: string[] = [];
  for (const row of rows(fresh)) {
    const old = shown.get(row.dataset.ticket);
    if (!old) news.push(row.dataset.ticket ?? "");
    else if (old.outerHTML !== row.outerHTML) {
      const box = old.querySelector<HTMLInputElement>('input[name="ticket"]');
      const copy = row.cloneNode(true) as HTMLElement;
      copy.querySelector<HTMLInputElement>('input[name="ticket"]')?.toggleAttribute("checked", box?.checked ?? false);
      // What has the keyboard stays what it is.
      if (!old.contains(document.activeElement)) old.replaceWith(copy);
    }
  }
  announce(list, news);
}

/** "3 new" above the list; pressing it shows them. */
function announce(list: HTMLElement, numbers: string[]): void {
  const pill = list.querySelector<HTMLElement>("[data-new-tickets]");
  if (!pill) return;
  pill.hidden = numbers.length === 0;
  const words = pill.dataset.words ?? "%(n)s";
  pill.querySelector("button > span")?.replaceChildren(words.replace("%(n)s", String(numbers.length)));
}

function pillOf(list: HTMLElement): void {
  list.querySelector("[data-new-tickets] button")?.addEventListener("click", () => {
    list.querySelector<HTMLElement>(".pane__body")?.scrollTo({ top: 0 });
    void refresh(list, true).catch(() => undefined);
  });
}

/** After the body was put anew: nothing is chosen, and the pill listens again. */
function renew(list: HTMLElement): void {
  pillOf(list);
  chosen(list);
}

function start(list: HTMLElement): void {
  let timer = 0;
  const later = (whole = false, wait = REFRESH_MS): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void refresh(list, whole).catch(() => undefined), wait);
  };
  const listen = (): void => {
    if (list.isConnected) return later();
    for (const name of ["zaguan:changed", "zaguan:resync", "undone"]) document.removeEventListener(name, listen);
  };
  for (const name of ["zaguan:changed", "zaguan:resync", "undone"]) document.addEventListener(name, listen);
  list.addEventListener("change", () => chosen(list));
  list.addEventListener("click", (event) => shiftClick(list, event));
  list.querySelector("#selection")?.addEventListener("htmx:afterRequest", (event) => {
    if ((event as CustomEvent<{ successful: boolean }>).detail.successful) later(true, 0);
  });
  filtering(list, later);
  pillOf(list);
  select(list);
}

/** The filter works while one types; the address follows where no ticket is open. */
function filtering(list: HTMLElement, later: (whole: boolean, wait: number) => void): void {
  const form = list.querySelector<HTMLFormElement>("form.list__tools");
  const follow = (wait: number): void => {
    later(true, wait);
    if (!document.querySelector("[data-ticket-page]")) history.replaceState(history.state, "", asked(list));
  };
  form?.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    follow(0);
  });
  form?.addEventListener("input", () => follow(FILTER_MS));
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
  document.addEventListener("ticket:opened", () => {
    const list = theList();
    if (list) select(list);
  });
}
