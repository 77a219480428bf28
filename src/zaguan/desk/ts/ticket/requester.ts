// The form of a new ticket: what only some kinds need is shown only for them.
//   data-when="channel=phone|none"  shown when the field has one of these values ("" for nothing chosen); data-and: and this too
import { bind } from "../../../ui/ts/dom";

function holds(values: FormData, rule: string | undefined): boolean {
  if (!rule) return true;
  const [name, wanted] = rule.split("=");
  return (wanted ?? "").split("|").includes(String(values.get(name ?? "") ?? ""));
}

/** The note is what remains where nothing is sent. */
function settleMode(form: HTMLFormElement, values: FormData): void {
  const sends = values.get("visibility") !== "internal" && values.get("channel") === "email";
  if (sends || values.get("mode") === "note") return;
  const note = form.querySelector<HTMLInputElement>('input[name="mode"][value="note"]');
  if (!note) return;
  note.checked = true;
  values.set("mode", "note");
}

function fit(form: HTMLFormElement): void {
  const values = new FormData(form);
  settleMode(form, values);
  for (const part of form.querySelectorAll<HTMLElement>("[data-when]")) {
    const shown = holds(values, part.dataset.when) && holds(values, part.dataset.and);
    part.hidden = !shown;
    const other = part.nextElementSibling;
    if (other instanceof HTMLElement && "otherwise" in other.dataset) other.hidden = shown;
  }
}

function start(form: HTMLFormElement): void {
  form.addEventListener("change", () => fit(form));
  fit(form);
}

export function requesters(root: ParentNode): void {
  bind<HTMLFormElement>(root, "form[data-new-ticket]", start);
}
