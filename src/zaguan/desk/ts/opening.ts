// A click in the list opens the ticket beside it: the address changes, the list stays as it is, and "back" leads back.
//   ticket:leaving   on the document, before the open ticket goes: what was typed is kept, colleagues see one fewer
import htmx from "htmx.org";
import { first, from } from "../../ui/ts/dom";
import { showToast } from "../../ui/ts";

interface Around {
  main: Element;
  panel: Element | null;
  title: string;
}

let asked = 0;
/** What stood beside the list before the first ticket. */
let before: Around | null = null;
let ready: (root: ParentNode) => void = () => undefined;

const main = (): HTMLElement | null => document.getElementById("main");
const openNumber = (): string => document.querySelector<HTMLElement>("[data-ticket-page]")?.dataset.ticket ?? "";
const isTicket = (path: string): boolean => /^\/desk\/tickets\/\d+\/$/.test(path);

/** Say which ticket is open, for the list to mark. */
function tell(): void {
  document.dispatchEvent(new CustomEvent("ticket:opened", { detail: openNumber() }));
}

function put(id: string, fresh: Element | null | undefined): void {
  const old = document.getElementById(id);
  if (!old || !fresh) return;
  old.replaceWith(fresh);
}

function show(fresh: DocumentFragment, address: string, push: boolean): void {
  if (!openNumber() && main()) {
    before = { main: main() as Element, panel: document.getElementById("panel"), title: document.title };
  }
  document.dispatchEvent(new Event("ticket:leaving"));
  if (push) history.pushState({ beside: true }, "", address);
  document.title = fresh.querySelector("title")?.textContent ?? document.title;
  document.body.dataset.pane = "ticket";
  for (const id of ["main", "panel"]) {
    const part = fresh.getElementById(id);
    part?.removeAttribute("hx-swap-oob");
    put(id, part);
    if (part) htmx.process(part), ready(part);
  }
  document.getElementById("live")?.replaceChildren(document.title);
  tell();
}

async function open(address: string, push: boolean): Promise<void> {
  const mine = ++asked;
  const place = main();
  place?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Target": "main" } });
    if (mine !== asked) return;
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    if (mine !== asked) return;
    if (!answer.ok || !template.content.querySelector("[data-ticket-page]")) return location.assign(address);
    show(template.content, address, push);
  } catch {
    showToast({ text: document.body.dataset.offline ?? "Offline", kind: "error" });
    tell();
  } finally {
    place?.removeAttribute("aria-busy");
  }
}

/** The list alone again, as it was before. */
function close(): void {
  if (!before) return location.reload();
  asked += 1;
  document.dispatchEvent(new Event("ticket:leaving"));
  document.title = before.title;
  document.body.dataset.pane = "list";
  put("main", before.main);
  put("panel", before.panel);
  before = null;
  tell();
}

function clicked(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = from(event, "[data-list] .ticket-row__subject") as HTMLAnchorElement | null;
  if (link && main()?.classList.contains("conversation")) {
    event.preventDefault();
    const { pathname, search, hash } = new URL(link.href);
    void open(pathname + search + hash, true);
  }
  const isBack = from(event, "#ticket-head .back") && before && (history.state as { beside?: boolean } | null)?.beside;
  if (isBack) {
    event.preventDefault();
    history.pushState(null, "", (from(event, "#ticket-head .back") as HTMLAnchorElement).href);
    close();
  }
}

/** `start` is called for what was put into the page. */
export function opening(start: (root: ParentNode) => void): void {
  if (!first("opening")) return;
  ready = start;
  document.addEventListener("click", clicked);
  window.addEventListener("popstate", () => {
    if (isTicket(location.pathname) && main()?.classList.contains("conversation")) void open(location.href, false);
    else if (openNumber() || !isTicket(location.pathname)) close();
  });
}
