// The numbers beside the views: fetched after the page is there, and again when something changed.
import { first } from "../../ui/ts/dom";

const AT_MOST_EVERY = 2500;
const MOST = 999;

let last = 0;
let waiting = 0;

function show(numbers: Record<string, number>): void {
  for (const link of document.querySelectorAll<HTMLElement>("[data-view]")) {
    const count = link.querySelector<HTMLElement>(".count");
    const number = numbers[link.dataset.view ?? ""];
    if (!count) continue;
    count.textContent = number ? (number > MOST ? `${MOST}+` : String(number)) : "";
  }
}

async function fetchCounts(): Promise<void> {
  const address = document.querySelector<HTMLElement>("[data-counts]")?.dataset.counts;
  if (!address || document.hidden) return;
  last = Date.now();
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (answer.ok) show((await answer.json()) as Record<string, number>);
}

/** Soon, but not for every single change. */
export function refreshCounts(): void {
  if (waiting) return;
  waiting = window.setTimeout(() => {
    waiting = 0;
    void fetchCounts().catch(() => undefined);
  }, Math.max(0, last + AT_MOST_EVERY - Date.now()));
}

export function counts(): void {
  if (!first("counts")) return;
  refreshCounts();
  for (const name of ["zaguan:changed", "zaguan:resync", "visibilitychange", "undone"]) {
    document.addEventListener(name, refreshCounts);
  }
}
