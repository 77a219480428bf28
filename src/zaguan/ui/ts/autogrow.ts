// A textarea as tall as its text, between the limits of its style sheet.
import { bind } from "./dom";

function start(area: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) {
    area.style.setProperty("field-sizing", "content");
    return;
  }
  const fit = (): void => {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  };
  area.addEventListener("input", fit);
  if (area.value) fit();
}

export function autogrow(root: ParentNode): void {
  bind<HTMLTextAreaElement>(root, "textarea[data-autogrow]", start);
}
