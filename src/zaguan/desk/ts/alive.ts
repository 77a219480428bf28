// Somebody is at this browser: told at most once a minute, by whichever tab notices it. Silence for long means away.
import { first, memory } from "../../ui/ts/dom";

const STEP = 60_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

function csrf(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

function tell(): void {
  const now = Date.now();
  if (now - Number(memory.get("alive") ?? 0) < STEP) return;
  memory.set("alive", String(now));
  void fetch("/desk/alive/", { method: "POST", keepalive: true, headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } }).catch(() => undefined);
}

/** What the menu at the avatar shows, when another tab, silence or a sign of life changed it. */
async function show(form: HTMLFormElement): Promise<void> {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { availability } = (await answer.json()) as { availability: string };
  for (const item of form.querySelectorAll<HTMLButtonElement>("button[value]")) {
    item.setAttribute("aria-checked", String(item.value === availability));
  }
  document.querySelector(".rail .avatar__presence")?.setAttribute("data-state", availability);
}

export function alive(): void {
  if (!first("alive")) return;
  for (const sign of SIGNS) document.addEventListener(sign, tell, { passive: true, capture: true });
  document.addEventListener("zaguan:changed", (event) => {
    const form = document.querySelector<HTMLFormElement>("form[data-availability]");
    if (form && event.detail.changed === `agent-${form.dataset.availability}`) void show(form).catch(() => undefined);
  });
}
