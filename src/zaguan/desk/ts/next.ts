// After sending, for those who want it so: the next ticket at once, or back to the list. Undo comes along.
import { first } from "../../ui/ts/dom";

function next(undo: string): void {
  const form = document.querySelector<HTMLFormElement>("form[data-next]");
  const field = form?.querySelector<HTMLInputElement>('[name="undo"]');
  if (!form || !field) return;
  field.value = undo;
  form.requestSubmit();
}

export function nextTicket(): void {
  if (!first("next")) return;
  document.addEventListener("ticket:sent", (event) => {
    const { undo } = (event as CustomEvent<{ undo?: string }>).detail;
    const wanted = document.body.dataset.afterSending;
    // A note is no answer: whoever writes one is still at it.
    if (!undo) return;
    if (wanted === "next") next(undo);
    else if (wanted === "list") document.querySelector<HTMLAnchorElement>("#ticket-head .back")?.click();
  });
}
