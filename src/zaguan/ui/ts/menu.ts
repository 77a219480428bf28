// Menus: the browser opens and closes the popover; here it is placed, and walked through by key.
import { bind, first } from "./dom";
import { enterFilter, filterKey, filterOf, filters, resetFilter } from "./menu-filter";
import { place, type Side } from "./place";

const ITEMS = '[role^="menuitem"]:not([aria-disabled="true"]):not([hidden])';

function opener(menu: HTMLElement): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(menu.id)}"][aria-expanded="true"]`)
    ?? document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(menu.id)}"]`);
}

function items(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>(ITEMS)];
}

function onToggle(menu: HTMLElement, event: ToggleEvent): void {
  const open = event.newState === "open";
  for (const button of document.querySelectorAll(`[popovertarget="${CSS.escape(menu.id)}"]`)) {
    button.setAttribute("aria-expanded", String(open));
  }
  if (!open) return resetFilter(menu);
  const button = opener(menu);
  if (button) place(button, menu, (button.dataset.menuSide as Side) ?? "bottom-start");
  enterMenu(menu);
}

/** Put the keyboard into an open menu: on what is chosen, else on its first item. */
function enterMenu(menu: HTMLElement): void {
  if (menu.contains(document.activeElement) || enterFilter(menu)) return;
  (menu.querySelector<HTMLElement>('[aria-checked="true"]') ?? items(menu)[0])?.focus({ preventScroll: true });
}

/** Click what opens a menu, and be in it at once: the browser tells of the opening only later, after a fast next key. */
export function clickOpener(button: HTMLElement): void {
  button.click();
  const menu = document.getElementById(button.getAttribute("popovertarget") ?? "");
  if (menu?.matches("[data-menu]:popover-open")) enterMenu(menu);
}

function step(menu: HTMLElement, key: string): HTMLElement | undefined {
  const all = items(menu);
  const here = all.indexOf(document.activeElement as HTMLElement);
  if (key === "ArrowDown") return all[(here + 1) % all.length];
  if (key === "ArrowUp") return all[(here - 1 + all.length) % all.length];
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  if (key.length !== 1 || key === " " || filterOf(menu)) return undefined;
  const after = [...all.slice(here + 1), ...all.slice(0, here + 1)];
  return after.find((item) => item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()));
}

function onKey(menu: HTMLElement, event: KeyboardEvent): void {
  if (event.key === "Tab") return menu.hidePopover();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (filterKey(menu, event, items(menu))) return;
  if (event.target instanceof HTMLInputElement && event.key.length === 1) return;
  const next = step(menu, event.key);
  // A menu that is open keeps single letters to itself; they are no shortcuts of the page.
  if (event.key.length === 1 || next) event.stopPropagation();
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function start(menu: HTMLElement): void {
  const button = opener(menu);
  button?.setAttribute("aria-expanded", "false");
  button?.setAttribute("aria-controls", menu.id);
  menu.addEventListener("toggle", (event) => onToggle(menu, event as ToggleEvent));
  menu.addEventListener("keydown", (event) => onKey(menu, event));
  menu.addEventListener("click", (event) => {
    const item = event.target instanceof Element ? event.target.closest(ITEMS) : null;
    if (item && !item.hasAttribute("data-menu-stays")) menu.hidePopover();
  });
}

export function menus(root: ParentNode): void {
  bind(root, "[data-menu]", start);
  filters(root);
  if (!first("menus")) return;
  document.addEventListener("keydown", (event) => {
    const button = event.target instanceof HTMLElement && event.target.matches("[aria-haspopup=menu]") ? event.target : null;
    if (!button || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    clickOpener(button);
  });
}
