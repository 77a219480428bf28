// Short answers to what one did, with a way back. Made by the server in #toasts, by an HX-Trigger header
// {"toast": {"text": "…", "undo": "/address"}}, or by script with showToast().
import { bind, first, from, isMac } from "./dom";

export interface Toast {
  text: string;
  kind?: "" | "error" | "note";
  /** Address that takes it back, by POST. */
  undo?: string;
  /** Or what takes it back here. */
  onUndo?: () => void;
}

const STAYS = 6000;
const STAYS_WITH_UNDO = 10000;

function region(): HTMLElement | null {
  return document.getElementById("toasts");
}

/** The top layer has an order: the newest popover is above dialogs that opened before it. */
function raise(): void {
  const box = region();
  if (!box || !("popover" in HTMLElement.prototype)) return;
  if (!box.hasAttribute("popover")) box.setAttribute("popover", "manual");
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
}

function dismiss(toast: HTMLElement): void {
  toast.remove();
  const box = region();
  if (box && box.childElementCount === 0 && box.matches(":popover-open")) box.hidePopover();
}

function start(toast: HTMLElement): void {
  const back = toast.querySelector(".toast__undo");
  back?.setAttribute("aria-keyshortcuts", isMac() ? "Meta+Z" : "Control+Z");
  back?.setAttribute("title", isMac() ? "⌘ Z" : "Ctrl Z");
  const stays = back ? STAYS_WITH_UNDO : STAYS;
  let timer = 0;
  const wait = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => dismiss(toast), stays);
  };
  const hold = (): void => clearTimeout(timer);
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", wait);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", wait);
  // An error stays until it is read.
  if (toast.dataset.kind !== "error") wait();
  raise();
}

async function undo(toast: HTMLElement, address: string): Promise<void> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token, "HX-Request": "true" } });
  dismiss(toast);
  const elsewhere = answer.headers.get("HX-Redirect");
  if (answer.ok && elsewhere) return location.assign(elsewhere);
  sayUndone(answer);
  document.dispatchEvent(new CustomEvent("undone", { detail: { address, ok: answer.ok } }));
}

/** What can be taken back itself is an ordinary change, whose words would not say that it was an undoing. */
function sayUndone(answer: Response): void {
  const said = (JSON.parse(answer.headers.get("HX-Trigger") ?? "{}") as { toast?: Toast }).toast;
  const undone = region()?.dataset.undone ?? "";
  if (said && (!answer.ok || !said.undo)) showToast({ text: said.text, kind: said.kind ?? "" });
  else if (answer.ok && undone) showToast({ text: undone });
}

/** Show a toast; it leaves by itself. */
export function showToast(what: Toast): void {
  const template = document.getElementById("toast-template");
  if (!(template instanceof HTMLTemplateElement)) return;
  const toast = template.content.firstElementChild?.cloneNode(true) as HTMLElement;
  toast.querySelector(".toast__text")?.replaceChildren(what.text);
  if (what.kind) toast.dataset.kind = what.kind;
  for (const icon of toast.querySelectorAll<SVGElement>("[data-for]")) {
    if (icon.dataset.for !== (what.kind ?? "")) icon.remove();
  }
  const button = toast.querySelector<HTMLElement>(".toast__undo");
  if (!what.undo && !what.onUndo) button?.remove();
  button?.addEventListener("click", () => {
    if (what.undo) return void undo(toast, what.undo);
    what.onUndo?.();
    dismiss(toast);
  });
  region()?.append(toast);
  start(toast);
}

/** Ctrl and Z takes the last of them back, unless a field is being typed in: there it is the field's own. */
function undoByKey(event: KeyboardEvent): void {
  const at = event.target;
  const isTyping = at instanceof HTMLElement && (at.isContentEditable || at.matches("textarea, select, input:not([type=checkbox], [type=radio])"));
  if (isTyping || event.defaultPrevented || event.shiftKey || event.key.toLowerCase() !== "z") return;
  if (!(isMac() ? event.metaKey : event.ctrlKey)) return;
  const button = [...(region()?.querySelectorAll<HTMLElement>(".toast__undo") ?? [])].pop();
  if (!button) return;
  event.preventDefault();
  button.click();
}

export function toasts(root: ParentNode): void {
  bind(root, "#toasts > [data-toast]", start);
  if (!first("toasts")) return;
  document.addEventListener("keydown", undoByKey);
  document.addEventListener("toast", (event) => showToast((event as CustomEvent<Toast>).detail));
  document.addEventListener("click", (event) => {
    const toast = from(event, "[data-toast-close]")?.closest<HTMLElement>("[data-toast]");
    if (toast) dismiss(toast);
  });
  document.addEventListener("submit", (event) => {
    const form = from(event, "form[data-undo]") as HTMLFormElement | null;
    const toast = form?.closest<HTMLElement>("[data-toast]");
    if (!form || !toast) return;
    event.preventDefault();
    void undo(toast, form.action);
  });
}
