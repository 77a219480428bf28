// Dialogs: data-dialog-open="id" opens, data-dialog-close and a click beside it close.
import { bind, first, from } from "./dom";

function start(dialog: HTMLDialogElement): void {
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog || dialog.hasAttribute("data-dialog-modal")) return;
    const box = dialog.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) dialog.close();
  });
  // From a select or a text area too: the key that sends an answer sends what a dialog asks.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    const button = dialog.querySelector<HTMLButtonElement>(".dialog__foot .button--primary[type=submit]:not([hidden])");
    if (!button || button.disabled) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  });
}

/** Open the dialog with this id and give focus to its first field. */
export function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  dialog.showModal();
  const field = dialog.querySelector<HTMLElement>("[autofocus], .palette__input, .dialog__body :is(input, select, textarea):not([type=hidden])");
  if (field) field.focus();
  else {
    // Nothing to fill in: the dialog itself, so that its words are read first and no tooltip opens.
    dialog.tabIndex = -1;
    dialog.focus();
  }
  dialog.dispatchEvent(new CustomEvent("dialog:open", { bubbles: true }));
}

export function dialogs(root: ParentNode): void {
  bind<HTMLDialogElement>(root, "dialog[data-dialog]", start);
  if (!first("dialogs")) return;
  document.addEventListener("click", (event) => {
    const opener = from(event, "[data-dialog-open]");
    if (opener) {
      event.preventDefault();
      openDialog(opener.dataset.dialogOpen ?? "");
    }
    from(event, "[data-dialog-close]")?.closest("dialog")?.close();
  });
}
