// A long menu: type to find an entry. Without script the field is not there, and the menu is a list.
import { bind } from "./dom";
import { fits } from "./option";

export const filterOf = (menu: HTMLElement): HTMLInputElement | null =>
  menu.querySelector<HTMLInputElement>("[data-menu-filter]:not([hidden]) input");

const entries = (menu: HTMLElement): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>(".menu__item")];

const firstOf = (menu: HTMLElement): HTMLElement | undefined => entries(menu).find((item) => !item.hidden);

const wordsOf = (item: HTMLElement): string => item.querySelector(".menu__text")?.textContent ?? item.textContent ?? "";

function apply(menu: HTMLElement, field: HTMLInputElement): void {
  const typed = field.value.trim();
  for (const item of entries(menu)) {
    item.hidden = !fits(wordsOf(item), typed);
    item.removeAttribute("data-active");
  }
  for (const group of menu.querySelectorAll<HTMLElement>(".menu__group")) {
    group.hidden = !group.querySelector(".menu__item:not([hidden])");
  }
  const found = firstOf(menu);
  menu.querySelector("[data-menu-none]")?.toggleAttribute("hidden", Boolean(found));
  // What Enter would do is shown, once something was typed.
  if (!typed || !found) return field.removeAttribute("aria-activedescendant");
  found.toggleAttribute("data-active", true);
  found.id ||= `${menu.id}-${entries(menu).indexOf(found)}`;
  field.setAttribute("aria-activedescendant", found.id);
}

/** Put the keyboard into the field, where there is a keyboard: on a phone it would cover the menu. */
export function enterFilter(menu: HTMLElement): boolean {
  const field = filterOf(menu);
  if (!field || !matchMedia("(hover: hover)").matches) return false;
  field.focus({ preventScroll: true });
  return true;
}

export function resetFilter(menu: HTMLElement): void {
  const field = filterOf(menu);
  if (!field) return;
  field.value = "";
  apply(menu, field);
}

/** Keys of the field, and letters anywhere in its menu; says whether that was all. */
export function filterKey(menu: HTMLElement, event: KeyboardEvent, items: HTMLElement[]): boolean {
  const field = filterOf(menu);
  if (!field) return false;
  if (event.target === field && event.key === "Enter") {
    event.preventDefault();
    if (field.value.trim()) firstOf(menu)?.click();
    return true;
  }
  if (event.target === field && (event.key === "Home" || event.key === "End")) return true;
  if (event.target === items[0] && event.key === "ArrowUp") {
    event.preventDefault();
    field.focus();
    return true;
  }
  if (event.key.length !== 1 || (event.key === " " && event.target !== field)) return false;
  event.stopPropagation();
  if (event.target !== field) field.focus();
  return true;
}

export function filters(root: ParentNode): void {
  bind(root, "[data-menu-filter]", (box) => {
    const menu = box.closest<HTMLElement>(".menu");
    const field = box.querySelector("input");
    if (!menu || !field) return;
    box.hidden = false;
    field.addEventListener("input", () => apply(menu, field));
  });
}
