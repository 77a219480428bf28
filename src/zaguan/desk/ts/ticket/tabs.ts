// The menu of all tabs: its numbers are fetched when it opens.
import { bind } from "../../../ui/ts/dom";

async function fill(menu: HTMLElement): Promise<void> {
  const answer = await fetch(menu.dataset.counts ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const counts = (await answer.json()) as Record<string, number>;
  for (const each of menu.querySelectorAll<HTMLElement>("[data-count]")) {
    const count = counts[each.dataset.count ?? ""];
    each.textContent = count ? String(count) : "";
  }
}

export function tabCounts(root: ParentNode): void {
  bind(root, "[data-counts]", (menu) => {
    menu.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "open") void fill(menu).catch(() => undefined);
    });
  });
}
