// Tabs of one page: click and arrow keys; which one is open is said by aria-selected and hidden alone.
import { bind } from "./dom";

function select(list: HTMLElement, tab: HTMLElement, focus: boolean): void {
  for (const each of list.querySelectorAll<HTMLElement>('[role="tab"]')) {
    const chosen = each === tab;
    each.setAttribute("aria-selected", String(chosen));
    each.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(each.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !chosen;
  }
  if (focus) tab.focus();
  tab.dispatchEvent(new CustomEvent("tab:select", { bubbles: true }));
}

function start(list: HTMLElement): void {
  const tabs = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('[role="tab"]')];
  list.addEventListener("click", (event) => {
    const tab = (event.target as Element).closest<HTMLElement>('[role="tab"]');
    if (tab) select(list, tab, false);
  });
  list.addEventListener("keydown", (event) => {
    const all = tabs();
    const here = all.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (here < 0 || next === undefined) return;
    event.preventDefault();
    const tab = all[(next + all.length) % all.length];
    if (tab) select(list, tab, true);
  });
}

export function tabs(root: ParentNode): void {
  bind(root, "[data-tabs]", start);
}
