// One tooltip for the page: data-tip says what, data-keys with which key. The name for screen readers stands on the
// element itself, so this is for the eye only.
import { first, from, isMac, language } from "./dom";
import { place, type Side } from "./place";

const DELAY = 350;
const TIPPED = "[data-tip], [data-tip-folded], time[data-exact]";

let box: HTMLElement | null = null;
let timer = 0;
let shownAt = 0;
let owner: HTMLElement | null = null;

function tip(element: HTMLElement): string {
  if (element.dataset.tipFolded) {
    const name = element.querySelector<HTMLElement>(".view__name");
    return name && name.offsetWidth > 1 ? "" : element.dataset.tipFolded;
  }
  if (element instanceof HTMLTimeElement && !element.dataset.tip) return exact(element.dateTime);
  return element.dataset.tip ?? "";
}

function exact(moment: string): string {
  const when = new Date(moment);
  if (Number.isNaN(when.getTime())) return "";
  return when.toLocaleString(language(), { dateStyle: "full", timeStyle: "short" });
}

function keycaps(combo: string): HTMLElement {
  const caps = document.createElement("span");
  caps.className = "keys";
  for (const key of combo.split(/[ +]/)) {
    const cap = document.createElement("kbd");
    const names: Record<string, string> = { mod: isMac() ? "⌘" : "Ctrl", enter: "↵", shift: "⇧", esc: "Esc" };
    cap.textContent = names[key] ?? key.toUpperCase();
    caps.append(cap);
  }
  return caps;
}

function show(element: HTMLElement): void {
  const text = tip(element);
  if (!text || !element.isConnected || element.getAttribute("aria-expanded") === "true") return;
  if (!box?.isConnected) {
    box = document.createElement("div");
    box.className = "tooltip";
    box.setAttribute("popover", "manual");
    box.setAttribute("aria-hidden", "true");
    document.body.append(box);
  }
  box.replaceChildren(text);
  if (element.dataset.keys) box.append(keycaps(element.dataset.keys));
  box.hidePopover();
  box.showPopover();
  place(element, box, (element.dataset.tipSide as Side) ?? "top");
  owner = element;
  shownAt = Date.now();
}

function hide(): void {
  clearTimeout(timer);
  owner = null;
  if (box?.isConnected && box.matches(":popover-open")) box.hidePopover();
}

function enter(event: Event): void {
  const element = from(event, TIPPED);
  if (!element) return;
  if (element === owner) return;
  hide();
  if (event.type === "focusin" && !element.matches(":focus-visible")) return;
  // Going from one to the next needs no second wait.
  const wait = Date.now() - shownAt < 600 ? 60 : DELAY;
  timer = window.setTimeout(() => show(element), wait);
}

export function tooltips(): void {
  if (!first("tooltips") || !("popover" in HTMLElement.prototype)) return;
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (owner && !(event.target instanceof Node && owner.contains(event.target))) hide();
    else if (!from(event, TIPPED)) clearTimeout(timer);
    enter(event);
  });
  document.addEventListener("focusin", enter);
  document.addEventListener("focusout", hide);
  for (const kind of ["pointerdown", "keydown", "scroll"]) document.addEventListener(kind, hide, { capture: true });
}
