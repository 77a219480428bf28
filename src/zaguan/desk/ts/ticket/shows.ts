// The thread narrowed to one kind of thing; without script the same links ask the server.
import { first } from "../../../ui/ts/dom";
import { openTicket } from "./page";

export function shows(): void {
  if (!first("shows")) return;
  document.addEventListener("click", (event) => {
    const item = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-show-only]") : null;
    const ticket = openTicket();
    if (!item || !ticket) return;
    event.preventDefault();
    ticket.dataset.show = item.dataset.showOnly;
    for (const each of document.querySelectorAll("[data-show-only]")) {
      each.setAttribute("aria-checked", String(each === item));
    }
  });
}
