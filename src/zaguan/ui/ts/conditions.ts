// Parts of a form that are asked only when another field has one of some values: data-asked-when="name", data-asked-values="a b".
import { bind } from "./dom";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function valuesOf(form: HTMLElement, name: string): string[] {
  const found: string[] = [];
  for (const control of form.querySelectorAll<Control>(`[name="${CSS.escape(name)}"]`)) {
    if (control.matches(":disabled")) continue;
    if (control instanceof HTMLSelectElement) found.push(...[...control.selectedOptions].map((option) => option.value));
    else if (!["checkbox", "radio"].includes(control.type) || (control as HTMLInputElement).checked) found.push(control.value);
  }
  return found.filter((value) => value !== "");
}

/** Show what is asked now. What is hidden is not sent either; one part may wait for another, so twice. */
function show(form: HTMLElement): void {
  for (let round = 0; round < 2; round++) {
    for (const part of form.querySelectorAll<HTMLElement>("[data-asked-when]")) {
      const wanted = (part.dataset.askedValues ?? "").split(" ").filter(Boolean);
      const there = valuesOf(form, part.dataset.askedWhen ?? "");
      const asked = wanted.length ? there.some((value) => wanted.includes(value)) : there.length > 0;
      part.hidden = !asked;
      for (const control of part.querySelectorAll<Control>("input, select, textarea")) control.disabled = !asked;
    }
  }
}

function start(part: HTMLElement): void {
  const form = part.closest<HTMLElement>("form");
  if (!form) return;
  if (!form.dataset.asks) {
    form.dataset.asks = "1";
    form.addEventListener("change", () => show(form));
  }
  show(form);
}

export function conditions(root: ParentNode): void {
  bind<HTMLElement>(root, "[data-asked-when]", start);
}
