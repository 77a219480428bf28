// The form of a new ticket: fields that only some kinds need, and people found or made in place.
import { bind } from "../../../ui/ts/dom";

function fit(form: HTMLFormElement): void {
  const values = new FormData(form);
  for (const part of form.querySelectorAll<HTMLElement>("[data-when]")) {
    const [name, wanted] = (part.dataset.when ?? "").split("=");
    const shown = (wanted ?? "").split("|").includes(String(values.get(name ?? "") ?? ""));
    part.hidden = !shown;
    for (const field of part.querySelectorAll<HTMLInputElement>("input, select, textarea")) field.disabled = !shown;
  }
}

function start(form: HTMLFormElement): void {
  form.addEventListener("change", () => fit(form));
  fit(form);
}

export function requesters(root: ParentNode): void {
  bind<HTMLFormElement>(root, "form[data-new-ticket]", start);
}
