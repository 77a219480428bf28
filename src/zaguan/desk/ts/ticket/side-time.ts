// Lengths of time as ui/times.py writes them, and how much of what has passed lay within opening hours.

const MINUTE = 60;

/** At most two units: "14 min", "2 h 5 min", "3 d"; below a minute "0 min". */
export function spanWords(seconds: number): string {
  const all = Math.floor(seconds / MINUTE);
  if (all < 60) return `${Math.max(0, all)} min`;
  const hours = Math.floor(all / 60);
  const minutes = all % 60;
  if (hours < 24) return hours >= 6 || minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  const days = Math.floor(hours / 24);
  return days >= 3 || hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** The same without days, for time of which a day has fewer hours. */
export function hourWords(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  return hours >= 24 ? `${hours} h` : spanWords(seconds);
}

/** Of the seconds that passed, those in the stretches "0-3600 54000-86400", counted from the same moment. */
export function open(ahead: string, passed: number): number {
  let found = 0;
  for (const stretch of ahead.split(" ").filter(Boolean)) {
    const [from = 0, until = 0] = stretch.split("-").map(Number);
    found += Math.max(0, Math.min(passed, until) - from);
  }
  return found;
}
