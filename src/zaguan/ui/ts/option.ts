// One line of a list to choose from: a dot, a face or an icon, the words, a second line.

export interface Choice {
  value: string;
  label: string;
  sub?: string;
  phase?: string;
  icon?: string;
  hue?: string;
  initials?: string;
  group?: string;
}

/** Letters without accents and case, for filtering. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether all words of what was typed stand in the text, in any order, accents and case aside. */
export function fits(text: string, typed: string): boolean {
  const where = plain(text);
  return plain(typed).split(/\s+/).every((word) => where.includes(word));
}

/** The address of the icon sprite, from any icon of the page. */
function sprite(): string {
  return document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "";
}

function span(className: string, text = ""): HTMLSpanElement {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

/** What stands before the words, if anything. */
export function lead(choice: Choice): Element | null {
  if (choice.phase) {
    const dot = span("dot");
    dot.dataset.phase = choice.phase;
    return dot;
  }
  if (choice.initials) {
    const face = span("avatar avatar--xs");
    face.dataset.initials = choice.initials;
    face.dataset.hue = choice.hue ?? "0";
    face.setAttribute("aria-hidden", "true");
    return face;
  }
  if (!choice.icon) return null;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon icon--s");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite()}#${choice.icon}`);
  svg.append(use);
  return svg;
}

/** The element of one choice. */
export function optionElement(choice: Choice, id: string, selected: boolean): HTMLElement {
  const element = document.createElement("div");
  element.className = "option";
  element.id = id;
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", String(selected));
  element.dataset.value = choice.value;
  const before = lead(choice);
  if (before) element.append(before);
  element.append(span("option__text", choice.label));
  if (choice.sub) element.append(span("option__sub", choice.sub));
  return element;
}
