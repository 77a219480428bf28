// A refusal that names a field is said at that field too, wherever it stands on the page, until something is typed there.
const NOTE = "refusal-note";

function forget(field: HTMLElement): void {
  field.removeAttribute("aria-invalid");
  document.getElementById(`${NOTE}-${field.id}`)?.remove();
}

export function sayAtField(name: string, sentence: string, near?: ParentNode | null): void {
  if (!name) return;
  const selector = `[name="${CSS.escape(name)}"]:not([type=hidden])`;
  const field = near?.querySelector<HTMLElement>(selector) ?? document.querySelector<HTMLElement>(`#panel ${selector}`);
  if (!field || !field.id) return;
  forget(field);
  field.setAttribute("aria-invalid", "true");
  const note = document.createElement("p");
  note.className = "field__error";
  note.id = `${NOTE}-${field.id}`;
  note.textContent = sentence;
  field.after(note);
  field.scrollIntoView({ block: "nearest" });
  field.addEventListener("input", () => forget(field), { once: true });
}
