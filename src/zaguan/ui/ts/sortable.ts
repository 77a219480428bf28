// A list whose items are put into another order: by dragging the grip, or by Alt and an arrow on it.
import { bind } from "./dom";
import { showToast } from "./toast";

function send(list: HTMLElement): void {
  const ids = [...list.querySelectorAll<HTMLElement>("[data-id]")].map((item) => item.dataset.id ?? "");
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  const body = new URLSearchParams({ order: ids.join(",") });
  const headers = { "X-CSRFToken": token, "HX-Request": "true" };
  void fetch(list.dataset.sortable ?? "", { method: "POST", body, headers }).then(async (answer) => {
    if (answer.ok) return;
    // The order was refused: say why, and show the one that stands.
    const problem = (await answer.json().catch(() => ({}))) as { title?: string };
    showToast({ text: problem.title ?? answer.statusText, kind: "error" });
    window.setTimeout(() => window.location.reload(), 2500);
  });
}

function byKey(event: KeyboardEvent, list: HTMLElement, item: HTMLElement): void {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const other = event.key === "ArrowUp" ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (event.key === "ArrowUp") other.before(item);
  else other.after(item);
  item.querySelector<HTMLElement>("[data-grip]")?.focus();
  send(list);
}

function byPointer(event: PointerEvent, list: HTMLElement, item: HTMLElement): void {
  const grip = event.currentTarget as HTMLElement;
  const before = item.nextElementSibling;
  grip.setPointerCapture(event.pointerId);
  item.classList.add("is-dragged");
  const move = (moved: PointerEvent): void => {
    const over = document.elementFromPoint(moved.clientX, moved.clientY)?.closest<HTMLElement>("[data-id]");
    if (!over || over === item || over.parentElement !== list) return;
    const box = over.getBoundingClientRect();
    if (moved.clientY < box.top + box.height / 2) over.before(item);
    else over.after(item);
  };
  const done = (): void => {
    grip.removeEventListener("pointermove", move);
    item.classList.remove("is-dragged");
    if (item.nextElementSibling !== before) send(list);
  };
  grip.addEventListener("pointermove", move);
  grip.addEventListener("lostpointercapture", done, { once: true });
}

function start(list: HTMLElement): void {
  for (const item of list.querySelectorAll<HTMLElement>("[data-id]")) {
    const grip = item.querySelector<HTMLElement>("[data-grip]");
    grip?.addEventListener("keydown", (event) => byKey(event, list, item));
    grip?.addEventListener("pointerdown", (event) => byPointer(event, list, item));
  }
}

export function sortables(root: ParentNode): void {
  bind<HTMLElement>(root, "[data-sortable]", start);
}
