// The columns of the desk: drag their edges, fold them, open them as drawers where there is no room.
//   data-splitter="list"      the edge of a pane: pointer, arrow keys, double click for the usual width
//   data-fold="views"         a button that folds and unfolds a pane
//   data-drawer="panel"       a button that opens the pane over the rest on a small screen, and folds it on a wide one
//   data-pane-show="views"    a button that shows this pane on a phone (the address decides otherwise)
import { bind, first, from, memory } from "./dom";

const LIMITS: Record<string, [number, number]> = { views: [176, 340], list: [280, 560], panel: [264, 520] };
const CONVERSATION = 400;
const WIDE = "(min-width: 1200px)";

const root = document.documentElement;

function limits(pane: string): [number, number] {
  const [low, high] = LIMITS[pane] ?? [200, 600];
  const talk = document.querySelector<HTMLElement>(".conversation");
  const own = document.querySelector<HTMLElement>(`.frame .pane.${pane}`);
  if (!talk || !own) return [low, high];
  return [low, Math.max(low, Math.min(high, own.offsetWidth + talk.offsetWidth - CONVERSATION))];
}

function setWidth(pane: string, width: number, handle: HTMLElement): void {
  const [low, high] = limits(pane);
  const kept = Math.round(Math.max(low, Math.min(high, width)));
  root.style.setProperty(`--${pane}-w`, `${kept}px`);
  handle.setAttribute("aria-valuemin", String(low));
  handle.setAttribute("aria-valuemax", String(high));
  handle.setAttribute("aria-valuenow", String(kept));
  memory.set(`width.${pane}`, String(kept));
}

function usual(pane: string): void {
  root.style.removeProperty(`--${pane}-w`);
  memory.set(`width.${pane}`, "");
}

function drag(handle: HTMLElement, event: PointerEvent, pane: string): void {
  const own = handle.parentElement;
  if (!own || event.button !== 0) return;
  event.preventDefault();
  const from = own.offsetWidth;
  const rtl = root.dir === "rtl" ? -1 : 1;
  const direction = (handle.classList.contains("splitter--start") ? -1 : 1) * rtl;
  handle.setPointerCapture(event.pointerId);
  handle.dataset.dragging = "";
  document.body.classList.add("pane-dragging");
  const move = (next: PointerEvent): void => setWidth(pane, from + (next.clientX - event.clientX) * direction, handle);
  const end = (): void => {
    handle.removeEventListener("pointermove", move);
    delete handle.dataset.dragging;
    document.body.classList.remove("pane-dragging");
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("lostpointercapture", end, { once: true });
}

function start(handle: HTMLElement): void {
  const pane = handle.dataset.splitter ?? "";
  const own = handle.parentElement;
  // Told once it is drawn: asking for the width here would lay the page out before the rest of it has started.
  if (own) new ResizeObserver(() => handle.setAttribute("aria-valuenow", String(own.offsetWidth))).observe(own);
  handle.setAttribute("aria-valuemin", String(LIMITS[pane]?.[0] ?? 0));
  handle.setAttribute("aria-valuemax", String(LIMITS[pane]?.[1] ?? 600));
  handle.addEventListener("pointerdown", (event) => drag(handle, event, pane));
  handle.addEventListener("dblclick", () => usual(pane));
  handle.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (step === undefined || !own) return;
    event.preventDefault();
    const sign = handle.classList.contains("splitter--start") ? -1 : 1;
    setWidth(pane, own.offsetWidth + step * sign, handle);
  });
}

/** Fold or unfold a pane on a wide screen; the choice is remembered. */
export function toggleFold(pane: string): void {
  const folded = new Set((root.dataset.folded ?? "").split(" ").filter(Boolean));
  if (!folded.delete(pane)) folded.add(pane);
  root.dataset.folded = [...folded].join(" ");
  memory.set("folded", root.dataset.folded);
  mirror();
}

function mirror(): void {
  const folded = (root.dataset.folded ?? "").split(" ");
  const wide = matchMedia(WIDE).matches;
  for (const button of document.querySelectorAll<HTMLElement>("[data-fold], [data-drawer]:not(body)")) {
    const pane = button.dataset.fold ?? button.dataset.drawer ?? "";
    const open = wide || button.dataset.fold ? !folded.includes(pane) : document.body.dataset.drawer === pane;
    button.setAttribute("aria-expanded", String(open));
  }
}

/** Open a pane over the rest, or close it with "". */
export function openDrawer(pane: string): void {
  if (pane) document.body.dataset.drawer = pane;
  else delete document.body.dataset.drawer;
  mirror();
  if (pane) document.querySelector<HTMLElement>(`.frame .pane.${pane} :is(a, button, input)`)?.focus();
}

function onClick(event: Event): void {
  const fold = from(event, "[data-fold]");
  if (fold) return toggleFold(fold.dataset.fold ?? "");
  const drawer = from(event, "[data-drawer]:not(body)");
  if (drawer) {
    const pane = drawer.dataset.drawer ?? "";
    if (matchMedia(WIDE).matches) return toggleFold(pane);
    return openDrawer(document.body.dataset.drawer === pane ? "" : pane);
  }
  const shown = from(event, "[data-pane-show]");
  if (shown) {
    event.preventDefault();
    document.body.dataset.pane = shown.dataset.paneShow;
  }
  // Beside an open drawer.
  const open = document.body.dataset.drawer;
  if (open && !from(event, `.${open}, dialog, [popover]`)) openDrawer("");
}

export function panes(scope: ParentNode): void {
  bind(scope, "[data-splitter]", start);
  mirror();
  if (!first("panes")) return;
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.dataset.drawer) openDrawer("");
  });
  matchMedia(WIDE).addEventListener("change", () => openDrawer(""));
}
