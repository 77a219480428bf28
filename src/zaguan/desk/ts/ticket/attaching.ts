// The buttons below the text: format it, attach files by choosing or dropping them, take them away again.
import type { Composer } from "./composer";
import { post } from "./page";
import { addStored, upload, type Stored } from "./uploads";

async function add(composer: Composer, files: File[], changed: () => void): Promise<void> {
  const area = composer.area.files;
  if (!area) return;
  await Promise.all(files.map((file) => upload(composer.form, area, file)));
  changed();
}

function dropping(composer: Composer, changed: () => void): void {
  const { form } = composer;
  const has = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  form.addEventListener("dragover", (event) => {
    if (!has(event)) return;
    event.preventDefault();
    form.dataset.over = "";
  });
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => delete form.dataset.over);
  form.addEventListener("drop", (event) => {
    if (!has(event) || event.defaultPrevented) return;
    event.preventDefault();
    void add(composer, [...(event.dataTransfer?.files ?? [])], changed);
  });
}

/** The ticket as a PDF, made by the server: the button says which copy. */
async function addPdf(composer: Composer, button: HTMLElement, changed: () => void): Promise<void> {
  const area = composer.areas.get("reply")?.files;
  if (!area || button.hasAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await post(button.dataset.attachPdf ?? "", new URLSearchParams({ copy: button.dataset.copy ?? "" }));
    if (!answer.ok) throw new Error(((await answer.json().catch(() => ({}))) as { title?: string }).title);
    addStored(composer.form, area, (await answer.json()) as Stored);
    changed();
    button.closest("dialog")?.close();
  } catch (error) {
    composer.notice((error as Error).message || (composer.form.dataset.offline ?? ""), "error");
  } finally {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  }
}

/** In the composer, and in the dialog that offers each copy. */
function offerPdf(composer: Composer, changed: () => void): void {
  const listen = (event: Event): void => {
    if (!composer.form.isConnected) return document.removeEventListener("click", listen, true);
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-attach-pdf]") : null;
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    void addPdf(composer, button, changed);
  };
  document.addEventListener("click", listen, true);
}

export function offerMore(composer: Composer, changed: () => void): void {
  const { form } = composer;
  form.querySelector<HTMLInputElement>("[data-attach]")?.addEventListener("change", (event) => {
    const input = event.target as HTMLInputElement;
    void add(composer, [...(input.files ?? [])], changed);
    // Already on their way; the form must not send them a second time.
    input.value = "";
  });
  // Pressing a button must not take the cursor out of the text.
  form.querySelector("[data-format]")?.addEventListener("mousedown", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const mark = target.closest<HTMLElement>("[data-mark]");
    if (mark) composer.area.run(mark.dataset.mark ?? "");
    if (target.closest("[data-canned]")) {
      event.preventDefault();
      void composer.area.offerCanned();
    }
    const remove = target.closest<HTMLElement>("[data-remove-file]");
    if (remove) {
      remove.closest(".attachment")?.remove();
      changed();
    }
  });
  dropping(composer, changed);
  offerPdf(composer, changed);
}
