// Mails in their sandboxed frames: each tells how high it is; known heights are kept, so nothing jumps the next time.
import { bind, first } from "../../../ui/ts/dom";

const TALLEST = 20000;

function remembered(id: string): number {
  try {
    return Number(sessionStorage.getItem(`frame.${id}`)) || 0;
  } catch {
    return 0;
  }
}

function remember(id: string, height: number): void {
  try {
    sessionStorage.setItem(`frame.${id}`, String(height));
  } catch {
    // A comfort only.
  }
}

function onMessage(event: MessageEvent): void {
  const height = (event.data as { zaguanFrameHeight?: unknown } | null)?.zaguanFrameHeight;
  if (typeof height !== "number" || !(height > 0)) return;
  for (const frame of document.querySelectorAll<HTMLIFrameElement>("iframe[data-frame]")) {
    if (frame.contentWindow !== event.source) continue;
    const kept = Math.min(Math.ceil(height), TALLEST);
    frame.style.height = `${kept}px`;
    remember(frame.dataset.frame ?? "", kept);
    document.dispatchEvent(new CustomEvent("frame:height"));
  }
}

function start(frame: HTMLIFrameElement): void {
  const height = remembered(frame.dataset.frame ?? "");
  if (height) frame.style.height = `${height}px`;
}

export function frames(root: ParentNode): void {
  bind<HTMLIFrameElement>(root, "iframe[data-frame]", start);
  if (!first("frames")) return;
  window.addEventListener("message", onMessage);
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-show-images]") : null;
    link?.closest<HTMLElement>(".message__foot")?.setAttribute("hidden", "");
  });
}
