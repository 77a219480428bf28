// The folded part "Time" of the composer: its fields are fetched when somebody opens it, and go with what is written.
import { part } from "./page";

const box = (form: HTMLFormElement): HTMLElement | null => form.querySelector<HTMLElement>("[data-time-box]");
const button = (form: HTMLFormElement): HTMLElement | null => form.querySelector<HTMLElement>("[data-time-open]");

function show(form: HTMLFormElement, on: boolean): void {
  const found = box(form);
  if (!found) return;
  found.hidden = !on;
  button(form)?.setAttribute("aria-expanded", String(on));
}

/** What was typed there, as the draft keeps it. */
export function typedTime(form: HTMLFormElement): [string, string][] {
  const fields = box(form)?.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[name]") ?? [];
  return [...fields].filter((field) => field.value).map((field) => [field.name, field.value]);
}

/** It went with what was sent. */
export function forgetTime(form: HTMLFormElement): void {
  box(form)?.replaceChildren();
  show(form, false);
}

async function open(form: HTMLFormElement, found: HTMLElement): Promise<void> {
  if (!found.childElementCount) {
    const fields = await part(found.dataset.url ?? "");
    if (!fields) return;
    found.replaceChildren(fields);
  }
  show(form, true);
  found.querySelector<HTMLInputElement>('[name="time_minutes"]')?.focus();
}

export function timing(form: HTMLFormElement): void {
  const found = box(form);
  button(form)?.addEventListener("click", (event) => {
    event.preventDefault();
    if (!found) return;
    if (found.hidden) void open(form, found);
    else show(form, false);
  });
  // Enter in a field of the time would send the message.
  found?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
  });
}
