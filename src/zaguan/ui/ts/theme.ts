// Light, dark or as the system; comfortable or compact. data-set-theme and data-set-density on a button or select.
// The server keeps the agent's choice in their preferences; this shows it at once and keeps it where nobody is signed in.
import { first, from, memory } from "./dom";

type Look = "theme" | "density";

/** Show a choice now; "" is what the system says. */
export function setLook(what: Look, value: string): void {
  const root = document.documentElement;
  if (value && value !== "system") root.dataset[what] = value;
  else delete root.dataset[what];
  memory.set(what, value);
  for (const button of document.querySelectorAll<HTMLElement>(`button[data-set-${what}]`)) {
    const on = (button.dataset[what === "theme" ? "setTheme" : "setDensity"] ?? "") === value;
    if (button.hasAttribute("aria-checked")) button.setAttribute("aria-checked", String(on));
    if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(on));
  }
  document.dispatchEvent(new CustomEvent("look", { detail: { what, value } }));
}

export function themes(): void {
  if (!first("theme")) return;
  document.addEventListener("click", (event) => {
    const theme = from(event, "button[data-set-theme]");
    if (theme) setLook("theme", theme.dataset.setTheme ?? "");
    const density = from(event, "button[data-set-density]");
    if (density) setLook("density", density.dataset.setDensity ?? "");
  });
  document.addEventListener("change", (event) => {
    const field = from(event, "[data-set-theme], [data-set-density]");
    if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return;
    setLook(field.dataset.setTheme === undefined ? "density" : "theme", field.value);
  });
}
