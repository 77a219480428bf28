// A page that shows a list of one kind draws it again when one of that kind has changed: data-live="schedules".
import { first } from "../../ui/ts/dom";

const AFTER = 300;
// The document itself is marked too, as soon as the stream runs.
const LIST = "body [data-live]";
let timer = 0;

async function again(start: (root: ParentNode) => void): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(LIST);
  const shown = document.querySelector(LIST);
  // Whoever is at a button of it finds it there still.
  if (!fresh || !shown || (shown.contains(document.activeElement) && document.activeElement?.matches("input, textarea, select"))) return;
  const at = document.activeElement instanceof HTMLElement && shown.contains(document.activeElement) ? document.activeElement : null;
  const label = at?.getAttribute("aria-label");
  shown.replaceChildren(...fresh.childNodes);
  start(shown);
  if (label) shown.querySelector<HTMLElement>(`[aria-label="${CSS.escape(label)}"]`)?.focus();
}

export function livePages(start: (root: ParentNode) => void): void {
  if (!first("live-pages")) return;
  const soon = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void again(start).catch(() => undefined), AFTER);
  };
  document.addEventListener("zaguan:changed", (event) => {
    const page = document.querySelector<HTMLElement>(LIST);
    const changed = (event as CustomEvent<{ what?: string } | null>).detail;
    if (page && changed?.what === page.dataset.live) soon();
  });
  document.addEventListener("zaguan:resync", () => document.querySelector(LIST) && soon());
}
