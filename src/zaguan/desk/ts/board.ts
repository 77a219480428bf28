// The board: a card put into another column gets that column's status, assignee, team or urgency.
import { bind } from "../../ui/ts/dom";
import { showToast } from "../../ui/ts";

const WAIT = 400;

function columnsOf(board: HTMLElement): HTMLElement[] {
  return [...board.querySelectorAll<HTMLElement>("[data-value]")];
}

/** The toast that the server asks for by header, and whether it took the change. */
async function send(board: HTMLElement, number: string, value: string): Promise<boolean> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  const body = new URLSearchParams({ [board.dataset.name ?? ""]: value });
  const headers = { "X-CSRFToken": token, "HX-Request": "true" };
  const answer = await fetch(`/desk/tickets/${number}/${board.dataset.part}/`, { method: "POST", body, headers }).catch(() => null);
  const told = answer?.headers.get("HX-Trigger");
  if (answer?.ok && told) showToast((JSON.parse(told) as { toast: { text: string; undo?: string } }).toast);
  if (answer?.ok) return true;
  const problem = (await answer?.json().catch(() => null)) as { title?: string } | null;
  showToast({ text: problem?.title ?? document.body.dataset.offline ?? "", kind: "error" });
  return false;
}

async function move(board: HTMLElement, card: HTMLElement, column: HTMLElement): Promise<void> {
  const list = column.querySelector(".board__cards");
  const from = card.parentElement;
  if (!list || list === from) return;
  const after = card.nextSibling;
  list.prepend(card);
  card.querySelector("a")?.focus();
  if (!(await send(board, card.dataset.ticket ?? "", column.dataset.value ?? ""))) from?.insertBefore(card, after);
}

function dragging(board: HTMLElement): void {
  let held: HTMLElement | null = null;
  const over = (column: Element | null): void => columnsOf(board).forEach((each) => each.toggleAttribute("data-over", each === column));
  board.addEventListener("dragstart", (event) => {
    held = (event.target as Element).closest<HTMLElement>("[data-ticket]");
    held?.toggleAttribute("data-moving", true);
    event.dataTransfer?.setData("text/plain", held?.dataset.ticket ?? "");
  });
  board.addEventListener("dragover", (event) => {
    if (!held) return;
    event.preventDefault();
    over((event.target as Element).closest("[data-value]"));
  });
  board.addEventListener("dragend", () => (held?.removeAttribute("data-moving"), (held = null), over(null)));
  board.addEventListener("drop", (event) => {
    const column = (event.target as Element).closest<HTMLElement>("[data-value]");
    event.preventDefault();
    if (held && column) void move(board, held, column);
  });
}

function byKey(board: HTMLElement): void {
  board.addEventListener("keydown", (event) => {
    const card = (event.target as Element).closest<HTMLElement>("[data-ticket]");
    if (!card || !event.shiftKey || !/^Arrow(Left|Right)$/.test(event.key)) return;
    const columns = columnsOf(board);
    const here = columns.findIndex((each) => each.contains(card));
    const next = columns[here + (event.key === "ArrowRight" ? 1 : -1)];
    event.preventDefault();
    if (next) void move(board, card, next);
  });
}

function keepTrue(board: HTMLElement): void {
  let timer = 0;
  const draw = async (): Promise<void> => {
    const answer = await fetch(board.dataset.url ?? "", { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || !board.isConnected || board.querySelector("[data-moving]")) return;
    const at = document.activeElement?.closest<HTMLElement>("[data-ticket]")?.dataset.ticket;
    board.innerHTML = await answer.text();
    ready(board);
    if (at) board.querySelector<HTMLElement>(`[data-ticket="${at}"] a`)?.focus();
  };
  const soon = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void draw(), WAIT);
  };
  for (const name of ["zaguan:changed", "zaguan:resync", "undone"]) document.addEventListener(name, soon);
}

function ready(board: HTMLElement): void {
  if (board.dataset.part) for (const card of board.querySelectorAll("[data-ticket]")) card.setAttribute("draggable", "true");
}

function start(board: HTMLElement): void {
  ready(board);
  keepTrue(board);
  if (!board.dataset.part) return;
  dragging(board);
  byKey(board);
}

export function boards(root: ParentNode): void {
  bind(root, "[data-board]", start);
}
