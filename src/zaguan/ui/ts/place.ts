// Puts something that floats beside something that stands, inside the window.

export type Side = "bottom-start" | "bottom-end" | "top-start" | "top-end" | "right" | "top" | "bottom";

const GAP = 6;
const EDGE = 8;

function preferred(anchor: DOMRect, box: DOMRect, side: Side): [number, number] {
  const rtl = document.documentElement.dir === "rtl";
  if (side === "right") {
    const left = rtl ? anchor.left - box.width - GAP : anchor.right + GAP;
    return [left, anchor.top + (anchor.height - box.height) / 2];
  }
  const above = side.startsWith("top");
  const top = above ? anchor.top - box.height - GAP : anchor.bottom + GAP;
  if (side === "top" || side === "bottom") return [anchor.left + (anchor.width - box.width) / 2, top];
  const atEnd = side.endsWith("end") !== rtl;
  return [atEnd ? anchor.right - box.width : anchor.left, top];
}

/** Place `floating` beside `anchor`; on the other side when there is no room. */
export function place(anchor: Element, floating: HTMLElement, side: Side): void {
  const at = anchor.getBoundingClientRect();
  const box = floating.getBoundingClientRect();
  let [left, top] = preferred(at, box, side);
  if (side !== "right" && top + box.height > innerHeight - EDGE && at.top - box.height - GAP > EDGE) {
    top = at.top - box.height - GAP;
  } else if (side !== "right" && top < EDGE) {
    top = at.bottom + GAP;
  }
  left = Math.max(EDGE, Math.min(left, innerWidth - box.width - EDGE));
  top = Math.max(EDGE, Math.min(top, innerHeight - box.height - EDGE));
  floating.style.left = `${Math.round(left)}px`;
  floating.style.top = `${Math.round(top)}px`;
  floating.dataset.placed = "";
}
