// The page's one dialog for actions: a menu's entry fills it, a refusal is drawn in it again, success closes it.
import { first } from "../../../ui/ts/dom";
import { openDialog } from "../../../ui/ts";

const ID = "action-dialog";

interface Swap {
  target?: HTMLElement;
  elt: HTMLElement;
  xhr: XMLHttpRequest;
  successful?: boolean;
  shouldSwap: boolean;
  isError: boolean;
}

const detailOf = (event: Event): Swap => (event as CustomEvent<Swap>).detail;
const dialog = (): HTMLDialogElement | null => document.getElementById(ID) as HTMLDialogElement | null;
const isPage = (xhr: XMLHttpRequest): boolean => xhr.getResponseHeader("Content-Type")?.includes("html") ?? false;

function beforeSwap(event: Event): void {
  const swap = detailOf(event);
  if (swap.target?.id !== ID || (swap.xhr.status !== 422 && swap.xhr.status !== 409) || !isPage(swap.xhr)) return;
  swap.shouldSwap = true;
  swap.isError = false;
}

/** A second step in the open dialog: its first field to be filled in, for the button of the first step is gone. */
function toBeginning(box: HTMLElement): void {
  box.querySelector<HTMLElement>("[data-begin-here] :is(input, select, textarea):not([type=hidden])")?.focus();
}

/** Mark the field that the refusal is about, and go to it. */
function toProblem(box: HTMLElement): void {
  const name = box.querySelector<HTMLElement>("[data-error-field]")?.dataset.errorField;
  const field = name ? box.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`) : null;
  field?.setAttribute("aria-invalid", "true");
  field?.focus();
}

// At the swap and not after its settling: between the two, a quick key would still go to the page below.
function afterSwap(event: Event): void {
  const box = dialog();
  if (!box || event.target !== box) return;
  box.classList.toggle("dialog--wide", box.querySelector("[data-wide]") !== null);
  openDialog(ID);
  toBeginning(box);
  toProblem(box);
}

function afterRequest(event: Event): void {
  const { elt, xhr, successful } = detailOf(event);
  if (successful && xhr.status === 204 && elt.closest(`#${ID}`)) dialog()?.close();
}

export function actions(): void {
  if (!first("actions")) return;
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:afterSwap", afterSwap);
  document.addEventListener("htmx:afterRequest", afterRequest);
}
