// The list of macros: search it, walk it with the arrows, and see what the chosen one would change.
import { bind } from "../../../ui/ts/dom";
import { fits } from "../../../ui/ts/option";
import { later, part } from "./page";

const PREVIEW_AFTER = 120;

const radios = (box: HTMLElement): HTMLInputElement[] => [
  ...box.querySelectorAll<HTMLInputElement>('.macros__row:not([hidden]) input[name="macro"]:not(:disabled)'),
];

function start(box: HTMLElement): void {
  const pane = box.querySelector<HTMLElement>(".macros__preview");
  const show = later(() => {
    const chosen = box.querySelector<HTMLInputElement>('input[name="macro"]:checked');
    if (!chosen || !pane) return;
    void part(`${box.dataset.previewUrl}?macro=${chosen.value}`).then((found) => found && pane.replaceChildren(found));
  }, PREVIEW_AFTER);
  const choose = (radio: HTMLInputElement | undefined): void => {
    if (!radio || radio.checked) return;
    radio.checked = true;
    radio.scrollIntoView({ block: "nearest" });
    show();
  };
  box.addEventListener("change", (event) => (event.target as HTMLInputElement).name === "macro" && show());
  box.addEventListener("dblclick", (event) => {
    if ((event.target as HTMLElement).closest(".macros__choice")) box.closest("form")?.querySelector<HTMLElement>("[data-macro-apply]")?.click();
  });
  const search = box.querySelector<HTMLInputElement>("[data-macro-search]");
  search?.addEventListener("input", () => {
    for (const row of box.querySelectorAll<HTMLElement>(".macros__row")) {
      row.hidden = !fits(row.dataset.words ?? "", search.value);
    }
    const shown = radios(box);
    box.querySelector("[data-macro-none]")?.toggleAttribute("hidden", shown.length > 0);
    if (!shown.some((radio) => radio.checked)) choose(shown[0]);
  });
  search?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      // The first button of the form marks a favourite; Enter means to apply.
      event.preventDefault();
      box.closest("form")?.querySelector<HTMLElement>("[data-macro-apply]")?.click();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const all = radios(box);
    const at = all.findIndex((radio) => radio.checked);
    choose(all[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), all.length - 1)]);
  });
}

export function macros(root: ParentNode): void {
  bind(root, "[data-macros]", start);
}
