// The menu of all tabs: its numbers are fetched when it opens.
import { bind, first, from } from "../../../ui/ts/dom";

async function fill(menu: HTMLElement): Promise<void> {
  const answer = await fetch(menu.dataset.counts ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const counts = (await answer.json()) as Record<string, number>;
  for (const each of menu.querySelectorAll<HTMLElement>("[data-count]")) {
    const count = counts[each.dataset.count ?? ""];
    each.textContent = count ? String(count) : "";
  }
}

/** Where the panel is a drawer, or folded, a chosen tab brings it into view; one that takes the main pane lets it go. */
function reveal(event: Event): void {
  const link = from(event, "#panel a[hx-target]");
  if (!link) return;
  const { body } = document;
  if (link.getAttribute("hx-target") === "#main") delete body.dataset.drawer;
  else if (window.matchMedia("(max-width: 1199px)").matches) body.dataset.drawer = "panel";
  else if (document.querySelector('[data-folded~="panel"]')) document.querySelector<HTMLElement>('[data-drawer="panel"]:not(body)')?.click();
}

export function tabCounts(root: ParentNode): void {
  if (first("tabs")) document.addEventListener("click", reveal);
  bind(root, "[data-counts]", (menu) => {
    menu.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "open") void fill(menu).catch(() => undefined);
    });
  });
}
