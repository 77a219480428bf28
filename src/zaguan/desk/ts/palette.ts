// Ctrl/⌘+K: every command of the page, every place, and tickets and people while typing. Recent commands come first.
import { first, memory } from "../../ui/ts/dom";
import { openDialog } from "../../ui/ts";
import { optionElement, plain, type Choice } from "../../ui/ts/option";
import { macroCommands } from "./palette-macros";

export interface Command extends Choice {
  keys?: string;
  href?: string;
  element?: HTMLElement;
  act?: () => void;
  inside?: () => Command[];
}

const RECENT = 6;
const MOST = 40;
const SEARCH_AFTER = 180;

let commands: Command[] = [];
let shown: Command[] = [];
let parents: Command[][] = [];
let active = 0;
let timer = 0;
let asked = 0;

const dialog = (): HTMLDialogElement | null => document.querySelector("dialog.palette");
const input = (): HTMLInputElement | null => dialog()?.querySelector(".palette__input") ?? null;

const nameOf = (element: HTMLElement): string =>
  element.dataset.tip ?? element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "";

const iconOf = (element: HTMLElement): string =>
  element.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[1] ?? "chevron-right";

function command(element: HTMLElement, group: string): Command {
  const label = nameOf(element);
  const found: Command = { value: label, label, icon: iconOf(element), group, element };
  if (element.dataset.keys) found.keys = element.dataset.keys;
  const menu = document.getElementById(element.getAttribute("popovertarget") ?? "");
  if (menu) found.inside = () => itemsOf(menu, label);
  return found;
}

function itemsOf(menu: HTMLElement, group: string): Command[] {
  const items = [...menu.querySelectorAll<HTMLElement>(".menu__item")];
  return items.map((item) => {
    const label = item.querySelector(".menu__text")?.firstChild?.textContent?.trim() ?? nameOf(item);
    return { value: label, label, group, icon: iconOf(item), element: item };
  });
}

/** What this page offers, each label once. */
function collect(box: HTMLElement): Command[] {
  const here = [...document.querySelectorAll<HTMLElement>("[data-keys], [popovertarget]")].filter(
    (each) => !each.closest("dialog, [popover]") && !/^(INPUT|TEXTAREA)$/.test(each.tagName) && each.dataset.show !== "palette",
  );
  const inMenus = [...document.querySelectorAll<HTMLElement>("[data-palette] .menu__item")];
  const places = [...document.querySelectorAll<HTMLElement>("a.view")];
  const all = [
    ...here.map((each) => command(each, box.dataset.do ?? "")),
    ...inMenus.map((each) => ({ ...command(each, box.dataset.do ?? ""), label: each.querySelector(".menu__text")?.textContent?.trim() ?? "" })),
    ...places.map((each) => ({ ...command(each, box.dataset.go ?? ""), label: each.querySelector(".view__name")?.textContent ?? "" })),
  ];
  const seen = new Set<string>();
  return all.filter((each) => each.label && !seen.has(each.label) && seen.add(each.label));
}

/** All letters in their order; the closer together and the nearer the beginning, the better. */
export function score(text: string, typed: string): number {
  const where = plain(text);
  const what = plain(typed);
  const at = where.indexOf(what);
  if (at >= 0) return 100 - at;
  let from = 0;
  for (const letter of what) {
    from = where.indexOf(letter, from) + 1;
    if (from === 0) return -1;
  }
  return 10 - from / 10;
}

function recent(): string[] {
  return (memory.get("palette") ?? "").split("\n").filter(Boolean);
}

function ranked(list: Command[], typed: string): Command[] {
  const before = recent();
  if (!typed) {
    const place = (each: Command): number => (before.includes(each.label) ? before.indexOf(each.label) : RECENT);
    return [...list].sort((a, b) => place(a) - place(b)).slice(0, MOST);
  }
  const scored = list.map((each) => ({ each, score: score(each.label, typed) })).filter((pair) => pair.score >= 0);
  return scored.sort((a, b) => b.score - a.score).map((pair) => pair.each).slice(0, MOST);
}

function draw(list: Command[]): void {
  const box = dialog()?.querySelector<HTMLElement>(".palette__list");
  if (!box) return;
  shown = list;
  active = 0;
  let group = "";
  box.replaceChildren();
  for (const [index, each] of list.entries()) {
    if (each.group && each.group !== group) box.append(title((group = each.group)));
    const option = optionElement(each, `palette-option-${index}`, index === 0);
    if (each.keys) option.append(caps(each.keys));
    box.append(option);
  }
  if (list.length === 0) box.append(title(dialog()?.dataset.nothing ?? ""));
  mark();
}

function title(text: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "menu__title";
  element.setAttribute("role", "presentation");
  element.textContent = text;
  return element;
}

function caps(keys: string): HTMLElement {
  const holder = document.createElement("span");
  holder.className = "keys";
  holder.setAttribute("aria-hidden", "true");
  for (const part of keys.split(" ")) {
    const cap = document.createElement("kbd");
    cap.textContent = part.toUpperCase();
    holder.append(cap);
  }
  return holder;
}

function mark(): void {
  const options = [...(dialog()?.querySelectorAll<HTMLElement>(".option") ?? [])];
  for (const [index, option] of options.entries()) {
    option.toggleAttribute("data-active", index === active);
    option.setAttribute("aria-selected", String(index === active));
  }
  const now = options[active];
  now?.scrollIntoView({ block: "nearest" });
  input()?.setAttribute("aria-activedescendant", now?.id ?? "");
}

function run(chosen: Command | undefined): void {
  if (!chosen) return;
  memory.set("palette", [chosen.label, ...recent().filter((label) => label !== chosen.label)].slice(0, RECENT).join("\n"));
  if (chosen.inside) return enter(chosen.inside());
  dialog()?.close();
  if (chosen.act) chosen.act();
  else if (chosen.href) location.assign(chosen.href);
  else if (/^(INPUT|TEXTAREA|SELECT)$/.test(chosen.element?.tagName ?? "")) chosen.element?.focus();
  else chosen.element?.click();
}

function enter(list: Command[]): void {
  parents.push(commands);
  commands = list;
  const field = input();
  if (field) field.value = "";
  draw(ranked(commands, ""));
}

function back(): void {
  const above = parents.pop();
  if (above) draw(ranked((commands = above), ""));
}

async function search(typed: string): Promise<void> {
  const box = dialog();
  const mine = ++asked;
  const answer = await fetch(`${box?.dataset.search}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" } });
  if (!answer.ok || mine !== asked || input()?.value.trim() !== typed) return;
  const { items } = (await answer.json()) as { items: (Choice & { href: string })[] };
  const found = items.map((item) => ({ ...item, value: item.href, group: box?.dataset.found ?? "" }));
  draw([...ranked(commands, typed).slice(0, 6), ...found]);
}

function typed(): void {
  const text = input()?.value.trim() ?? "";
  draw(ranked(commands, text));
  clearTimeout(timer);
  if (text.length > 1 && parents.length === 0) timer = window.setTimeout(() => void search(text).catch(() => undefined), SEARCH_AFTER);
}

function key(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) active = (active + step + shown.length) % Math.max(shown.length, 1);
  else if (event.key === "Enter") run(shown[active]);
  else if (event.key === "Backspace" && !input()?.value) back();
  else return;
  event.preventDefault();
  mark();
}

/** The macros of the open ticket come a moment later; what was typed meanwhile is looked for in them too. */
async function addMacros(box: HTMLElement): Promise<void> {
  const mine = commands;
  const found = await macroCommands(box.dataset.macros ?? "");
  if (mine !== commands || found.length === 0) return;
  commands = [...commands, ...found];
  const text = input()?.value.trim() ?? "";
  if (text && active === 0) draw(ranked(commands, text));
}

function open(): void {
  const box = dialog();
  const field = input();
  if (!box || !field || box.open) return;
  commands = collect(box);
  parents = [];
  field.value = "";
  draw(ranked(commands, ""));
  openDialog(box.id);
  field.focus();
  void addMacros(box).catch(() => undefined);
}

export function palette(): void {
  if (!first("palette")) return;
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest('[data-show="palette"]')) return open();
    const option = target?.closest<HTMLElement>("dialog.palette .option");
    if (option) run(shown[Number(option.id.split("-").pop())]);
  });
  document.addEventListener("input", (event) => {
    if (event.target === input()) typed();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target === input() && !event.isComposing) key(event);
  });
}
