// Keys. Any element with data-keys="r" (or "g i", "shift+f", "mod+enter") is clicked, or focused if it is a field.
// An agent may switch single keys off or give them other letters (WCAG 2.1.4): data-keys-off, data-keys-map on <body>.
import { first, isMac } from "../../ui/ts/dom";
import { clickOpener, openDialog } from "../../ui/ts";

const SEQUENCE_MS = 1200;
let pending = "";
let timer = 0;

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio|button|submit)$/.test(target.type));

/** "mod+shift+f" for what was pressed; single letters are lower case, and shift counts only beside letters. */
export function pressed(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key.toLowerCase().replace("escape", "esc");
  const parts = [];
  if (isMac() ? event.metaKey : event.ctrlKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  if (event.shiftKey && /^[a-z]$|^.{2,}$/.test(key)) parts.push("shift");
  return [...parts, key].join("+");
}

function remapped(keys: string): string {
  const map = JSON.parse(document.body.dataset.keysMap ?? "{}") as Record<string, string>;
  return map[keys] ?? keys;
}

const visible = (element: HTMLElement): boolean => element.checkVisibility?.() ?? element.offsetParent !== null;

/** The element that a combination belongs to; one in an open dialog comes first. */
function find(keys: string): HTMLElement | null {
  const scope: ParentNode = document.querySelector("dialog[open]") ?? document;
  const all = [...scope.querySelectorAll<HTMLElement>("[data-keys]")];
  const matching = all.filter((each) => remapped(each.dataset.keys ?? "") === keys);
  return matching.find(visible) ?? matching.find((each) => each.closest("[popover], div[hidden]") !== null) ?? null;
}

function isStart(keys: string): boolean {
  const all = [...document.querySelectorAll<HTMLElement>("[data-keys]")];
  return all.some((each) => remapped(each.dataset.keys ?? "").startsWith(`${keys} `));
}

function run(element: HTMLElement): void {
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(checkbox|radio)$/.test((element as HTMLInputElement).type)) {
    element.focus();
  } else {
    clickOpener(element);
  }
}

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const keys = pressed(event);
  const single = !keys.startsWith("mod+") && !keys.startsWith("alt+");
  if (single && (typing(event.target) || "keysOff" in document.body.dataset)) return;
  const whole = pending ? `${pending} ${keys}` : keys;
  clearTimeout(timer);
  pending = "";
  if (single && isStart(whole)) {
    pending = whole;
    timer = window.setTimeout(() => (pending = ""), SEQUENCE_MS);
    return;
  }
  const element = find(whole) ?? find(keys);
  if (!element) return;
  event.preventDefault();
  run(element);
}

/** Fill the list of keys from what the page really has. */
function fillHelp(dialog: HTMLElement): void {
  const list = dialog.querySelector<HTMLElement>("[data-keys-list]");
  const template = dialog.querySelector<HTMLTemplateElement>("template");
  if (!list || !template) return;
  const seen = new Set<string>();
  list.replaceChildren();
  for (const each of document.querySelectorAll<HTMLElement>("[data-keys]")) {
    const keys = remapped(each.dataset.keys ?? "");
    const label = each.dataset.tip ?? each.getAttribute("aria-label") ?? each.textContent?.trim() ?? "";
    if (!keys || !label || seen.has(keys)) continue;
    seen.add(keys);
    const row = template.content.firstElementChild?.cloneNode(true) as HTMLElement;
    row.querySelector("dt")?.append(label);
    for (const part of keys.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = part.replace("mod", isMac() ? "⌘" : "Ctrl").replace("shift", "⇧").toUpperCase();
      row.querySelector("dd")?.append(cap);
    }
    list.append(row);
  }
}

export function shortcuts(): void {
  if (!first("shortcuts")) return;
  document.addEventListener("keydown", handle);
  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element ? event.target.closest('[data-show="keys"]') : null;
    const dialog = document.getElementById("keys");
    if (!opener || !dialog) return;
    fillHelp(dialog);
    openDialog("keys");
  });
}
