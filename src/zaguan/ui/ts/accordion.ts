// Remembers which sections of a panel are open, by their id.
import { bind, memory } from "./dom";

function start(section: HTMLDetailsElement): void {
  const key = `accordion.${section.id}`;
  const before = memory.get(key);
  if (before) section.open = before === "open";
  section.addEventListener("toggle", () => memory.set(key, section.open ? "open" : "shut"));
}

export function accordions(root: ParentNode): void {
  bind<HTMLDetailsElement>(root, "details[data-accordion][id]", start);
}
