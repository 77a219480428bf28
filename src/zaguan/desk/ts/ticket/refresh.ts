// Keeps an open ticket true: when something changed, head, thread and panel are fetched again and merged in place.
// What is under the cursor, what has the keyboard, and the composer stay as they are.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";
import { bind, first } from "../../../ui/ts/dom";
import { startAll } from "../../../ui/ts";
import { frames } from "./frames";
import { later, openTicket, part, speak } from "./page";
import { atEnd, markSeen, offer, toEnd } from "./reading";

const WAIT = 150;
// Set by scripts on elements that the server knows nothing of.
const OURS = ["style", "data-placed", "aria-expanded", "aria-controls", "popover", "open", "data-enhanced"];

type Merge = { oldNode: Node; newNode: Node };

function sameChoices(box: HTMLElement, fresh: HTMLElement): void {
  const select = box.querySelector("select");
  const next = fresh.querySelector("select");
  if (!select || !next || select.outerHTML === next.outerHTML) return;
  const value = next.value;
  if (select.innerHTML !== next.innerHTML) select.innerHTML = next.innerHTML;
  select.value = value;
  // Only the list in front of it must hear of that, not the form that saves.
  select.dispatchEvent(new Event("change"));
}

/** False leaves the old element alone. */
function mayMerge({ oldNode, newNode }: Merge): boolean {
  if (!(oldNode instanceof HTMLElement) || !(newNode instanceof HTMLElement)) return true;
  if (oldNode.id === "ticket-watchers" || oldNode.id === "earlier" || oldNode.tagName === "IFRAME") return false;
  if (oldNode.hasAttribute("hx-trigger") && oldNode.getAttribute("hx-trigger")?.includes("once")) return false;
  if (oldNode.hasAttribute("data-keep")) return false;
  if (oldNode.matches("[data-combobox]")) return sameChoices(oldNode, newNode), false;
  if (oldNode.matches("[data-tokens]")) return renewTokens(oldNode, newNode), false;
  if (oldNode.matches("input[data-pending], textarea[data-pending]")) return !isDirty(oldNode as HTMLInputElement);
  if (oldNode.tagName === "DETAILS") newNode.toggleAttribute("open", (oldNode as HTMLDetailsElement).open);
  return true;
}

export const isDirty = (field: HTMLInputElement | HTMLTextAreaElement): boolean => field.value !== field.defaultValue;

function renewTokens(old: HTMLElement, fresh: HTMLElement): void {
  const now = old.querySelector<HTMLInputElement>("input[type=hidden]")?.value ?? "";
  const next = fresh.querySelector("input")?.getAttribute("value") ?? "";
  if (now === next || old.contains(document.activeElement)) return;
  const copy = fresh.cloneNode(true) as HTMLElement;
  window.setTimeout(() => (old.replaceWith(copy), startAll(copy.parentElement ?? copy)));
}

function merge(old: Element | null, fresh: Element | null, inner = false): void {
  if (!old || !fresh) return;
  Idiomorph.morph(old, inner ? fresh.innerHTML : (fresh as HTMLElement).outerHTML, {
    morphStyle: inner ? "innerHTML" : "outerHTML",
    ignoreActiveValue: true,
    callbacks: {
      beforeNodeMorphed: (oldNode: Node, newNode: Node) => mayMerge({ oldNode, newNode }),
      beforeNodeRemoved: (node: Node) => !(node instanceof HTMLElement && (node.id === "earlier" || node.matches(".composer-dock, .combobox__button, .combobox__popup"))),
      beforeAttributeUpdated: (name: string) => !OURS.includes(name),
    },
  });
}

function address(ticket: HTMLElement): string {
  const all = document.getElementById("thread-all");
  const query = new URLSearchParams(location.search);
  const asked = new URLSearchParams({ part: "live", first: all?.dataset.first ?? "", tab: query.get("tab") ?? "ticket" });
  asked.set("whole", document.getElementById("earlier") ? "0" : "1");
  if (query.get("view")) asked.set("view", query.get("view") ?? "");
  return `${ticket.dataset.url}?${asked.toString()}`;
}

function mergeThread(fresh: Element): void {
  const all = document.getElementById("thread-all");
  if (!all) return;
  const known = Number(all.dataset.last ?? 0);
  const wasAtEnd = atEnd();
  merge(all, fresh, true);
  all.dataset.last = (fresh as HTMLElement).dataset.last ?? "";
  if (!all.dataset.first || all.dataset.first === "0") all.dataset.first = (fresh as HTMLElement).dataset.first ?? "";
  const news = [...all.querySelectorAll<HTMLElement>("[data-message]")].filter((each) => Number(each.dataset.message) > known);
  frames(all);
  if (!news.length) return;
  const label = news.at(-1)?.getAttribute("aria-label") ?? "";
  speak(label);
  document.dispatchEvent(new CustomEvent("ticket:news", { detail: { messages: news, label } }));
  if (wasAtEnd) toEnd();
  else offer(label);
  markSeen();
}

/** Fetch and merge now. */
export async function refresh(): Promise<void> {
  const ticket = openTicket();
  if (!ticket) return;
  const fresh = await part(address(ticket));
  if (!fresh || openTicket() !== ticket) return;
  merge(document.getElementById("ticket-head"), fresh.getElementById("ticket-head"));
  const thread = fresh.getElementById("thread-all");
  if (thread) mergeThread(thread);
  const panel = document.getElementById("panel-body");
  merge(panel, fresh.getElementById("panel-body"), true);
  merge(document.getElementById("tab-body"), fresh.getElementById("tab-body"), true);
  for (const each of ["ticket-head", "panel-body", "thread-all", "tab-body"]) {
    const element = document.getElementById(each);
    if (element) htmx.process(element), startAll(element);
  }
  const version = panel?.querySelector<HTMLInputElement>("[data-version]")?.value;
  const act = document.querySelector<HTMLInputElement>("#act [data-version]");
  if (version && act) act.value = version;
}

const soon = later(() => void refresh().catch(() => undefined), WAIT);

function concerns(event: Event): boolean {
  const changed = (event as CustomEvent<{ changed?: string }>).detail?.changed;
  return !changed || changed === `ticket-${openTicket()?.dataset.ticket}`;
}

interface Configured {
  elt: HTMLElement;
  path: string;
  triggeringEvent?: Event;
}

/** The one hidden form acts for buttons all over the page: where it goes is the button's to say. */
function byButton(event: Event): void {
  const { detail } = event as CustomEvent<Configured>;
  if (detail.elt.id !== "act") return;
  const submitter = (detail.triggeringEvent as SubmitEvent | undefined)?.submitter;
  const path = submitter?.getAttribute("formaction");
  if (path) detail.path = path;
  else event.preventDefault();
}

function closing(form: HTMLElement): void {
  form.addEventListener("htmx:afterRequest", (event) => {
    if ((event as CustomEvent<{ successful: boolean }>).detail.successful) form.closest("dialog")?.close();
  });
}

export function refreshing(root: ParentNode): void {
  bind(root, "[data-close-when-done]", closing);
  if (!first("refreshing")) return;
  document.addEventListener("zaguan:changed", (event) => concerns(event) && soon());
  document.addEventListener("zaguan:resync", soon);
  document.addEventListener("htmx:configRequest", byButton);
  document.addEventListener("undone", soon);
  // Somebody was faster: show what they did, and leave ours as it was typed.
  document.addEventListener("htmx:responseError", (event) => {
    if ((event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr.status === 409) soon();
  });
}
