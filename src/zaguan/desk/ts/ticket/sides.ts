// Clocks of whose turn it is go on by themselves: the server says how long until now, and when the desk is open next.
import { hourWords, open, spanWords } from "./side-time";

const BEAT = 5_000;
// What the server wrote of each clock, and when it came into the page: that was true then, whatever this machine's clock
// says. A refresh writes anew into the same element.
const seen = new WeakMap<HTMLElement, { said: string; at: number }>();
let beats = false;

function passedSince(clock: HTMLElement, said: string): number {
  const before = seen.get(clock);
  if (before?.said === said) return (Date.now() - before.at) / 1000;
  seen.set(clock, { said, at: Date.now() });
  return 0;
}

function tick(clock: HTMLElement): void {
  const ahead = clock.closest<HTMLElement>("[data-ahead]")?.dataset.ahead ?? "";
  const start = clock.dataset.sideClock ?? "0";
  const passed = passedSince(clock, `${start} ${ahead}`);
  const isBusiness = clock.hasAttribute("data-business");
  const text = isBusiness ? hourWords(Number(start) + open(ahead, passed)) : spanWords(Number(start) + passed);
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
