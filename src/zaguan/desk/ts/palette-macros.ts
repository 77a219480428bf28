// The macros of the open ticket as commands: one leads to what it would change, and Enter applies it there.
import type { Command } from "./palette";

type Row = Pick<Command, "label" | "sub" | "icon"> & { href: string };

interface Htmx {
  ajax(verb: string, path: string, options: { target: string; swap: string }): Promise<void>;
}

export async function macroCommands(group: string): Promise<Command[]> {
  const page = document.querySelector<HTMLElement>("[data-ticket-page]");
  if (!page?.dataset.url || !document.getElementById("action-dialog")) return [];
  const answer = await fetch(`${page.dataset.url}macros/commands/`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return [];
  const { items } = (await answer.json()) as { items: Row[] };
  return items.map(({ href, ...row }) => ({ ...row, value: href, group, act: () => show(href) }));
}

function show(href: string): void {
  const { htmx } = window as unknown as { htmx: Htmx };
  void htmx.ajax("GET", href, { target: "#action-dialog", swap: "innerHTML" });
}
