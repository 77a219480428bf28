// Keeps <time data-relative> current, with the same words that the server wrote (ui/times.py).
import { first, language } from "./dom";

const MINUTE = 60;
const HOUR = 3600;

function span(seconds: number): string {
  const minutes = Math.max(1, Math.floor(seconds / MINUTE));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return hours >= 6 || rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

function dayBefore(day: Date, today: Date): boolean {
  const before = new Date(today);
  before.setDate(today.getDate() - 1);
  return day.toDateString() === before.toDateString();
}

/** The moment in few words. */
export function relative(moment: Date, now: Date, lang: string): string {
  const words = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "long" });
  const seconds = (now.getTime() - moment.getTime()) / 1000;
  if (Math.abs(seconds) < MINUTE) return words.format(0, "second");
  if (seconds > 0 && seconds < 12 * HOUR) return span(seconds);
  if (moment.toDateString() === now.toDateString()) {
    return moment.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
  }
  if (dayBefore(moment, now)) return words.format(-1, "day");
  const year = moment.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return moment.toLocaleDateString(lang, { day: "numeric", month: "short", year });
}

function refresh(root: ParentNode): void {
  const now = new Date();
  const lang = language();
  for (const time of root.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
    const moment = new Date(time.dateTime);
    // Days do not change by the minute; what is older than two keeps the server's words.
    if (Number.isNaN(moment.getTime()) || now.getTime() - moment.getTime() > 48 * HOUR * 1000) continue;
    const text = relative(moment, now, lang);
    if (time.textContent !== text) time.textContent = text;
  }
}

export function relativeTimes(): void {
  if (!first("relative")) return;
  setInterval(() => {
    if (!document.hidden) refresh(document);
  }, 30_000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh(document);
  });
}
