// data-copy="text" puts it on the clipboard and says data-copied.
import { first, from } from "./dom";
import { showToast } from "./toast";

export function copying(): void {
  if (!first("copy")) return;
  document.addEventListener("click", (event) => {
    const button = from(event, "[data-copy]");
    if (!button) return;
    event.preventDefault();
    void navigator.clipboard.writeText(button.dataset.copy ?? "").then(() => {
      if (button.dataset.copied) showToast({ text: button.dataset.copied });
    });
  });
}
