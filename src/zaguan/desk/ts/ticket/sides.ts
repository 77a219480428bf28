// Clocks of whose turn it is go on by themselves: the server says how long until now, and when the desk is open next.
import { hourWords, open, spanWords } from "./side-time";

const BEAT = 5_000;
const seen = new WeakMap<HTMLElement, number>();
let beats = false;

/** When the element came into the page: what the server wrote was true then, whatever this machine's clock says. */
function age(clock: HTMLElement): number {
  const since = seen.get(clock);
  if (since !== undefined) return (Date.now() - since) / 1000;
  seen.set(clock, Date.now());
  return 0;
}

function tick(clock: HTMLElement): void {
  const passed = age(clock);
  const ahead = clock.closest<HTMLElement>("[data-ahead]")?.dataset.ahead ?? "";
  const before = Number(clock.dataset.sideClock);
  const text = clock.hasAttribute("data-business") ? hourWords(before + open(ahead, passed)) : spanWords(before + passed);
  if (clock.textContent !== text) clock.textContent = text;
}

function tickAll(): void {
  if (document.hidden) return;
  for (const clock of document.querySelectorAll<HTMLElement>("[data-side-clock][data-runs]")) tick(clock);
}

/** Starts once; a hidden page catches up when it is looked at again. */
export function sides(): void {
  tickAll();
  if (beats) return;
  beats = true;
  setInterval(tickAll, BEAT);
  document.addEventListener("visibilitychange", tickAll);
}
