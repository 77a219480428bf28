// Fields that wait for a press of "Save": said at the composer, so that sending neither saves nor loses them (A5.12).
import { bind, first } from "../../../ui/ts/dom";
import { isDirty } from "./refresh";

type Field = HTMLInputElement | HTMLTextAreaElement;

const all = (): Field[] => [...document.querySelectorAll<Field>("[data-pending]")];
const dirty = (): Field[] => all().filter(isDirty);

function show(): void {
  const line = document.querySelector<HTMLElement>("[data-pending-line]");
  const composer = line?.closest<HTMLElement>("[data-composer]");
  if (!line || !composer) return;
  const waiting = dirty();
  line.hidden = waiting.length === 0;
  if (!waiting.length) return line.replaceChildren();
  const names = waiting.map((field) => field.dataset.pending ?? field.name).join(", ");
  const words = document.createElement("span");
  words.textContent = (composer.dataset.unsavedFields ?? "{}").replace("{}", names);
  line.replaceChildren(words, button(composer.dataset.save ?? "", save), button(composer.dataset.discard ?? "", discard));
}

function button(text: string, act: () => void): HTMLElement {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "button button--link small", textContent: text });
  made.addEventListener("click", act);
  return made;
}

function save(): void {
  for (const field of dirty()) field.form?.requestSubmit();
}

function discard(): void {
  for (const field of dirty()) field.value = field.defaultValue;
  show();
}

function start(field: Field): void {
  field.addEventListener("input", show);
  field.form?.addEventListener("htmx:afterRequest", (event) => {
    if (!(event as CustomEvent<{ successful: boolean }>).detail.successful) return;
    field.defaultValue = field.value;
    show();
  });
  if (!("saveOnBlur" in field.dataset)) return;
  field.addEventListener("change", () => field.form?.requestSubmit());
  field.addEventListener("keydown", (event) => {
    if ((event as KeyboardEvent).key !== "Escape") return;
    field.value = field.defaultValue;
    field.blur();
    show();
  });
}

export function pendingFields(root: ParentNode): void {
  bind<Field>(root, "[data-pending]", start);
  if (!first("pending")) return;
  window.addEventListener("beforeunload", (event) => {
    if (dirty().length) event.preventDefault();
  });
}
