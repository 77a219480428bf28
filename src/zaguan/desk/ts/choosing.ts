// "All of this list": more than is loaded, counted by the server when one asks for it.
import { first } from "../../ui/ts/dom";

const filterOf = (form: HTMLFormElement): string =>
  form.closest("[data-list]")?.querySelector<HTMLInputElement>("form.list__tools input[name=q]")?.value ?? "";

async function count(box: HTMLInputElement): Promise<void> {
  const form = box.form;
  const list = form?.closest<HTMLElement>("[data-list]");
  if (!form || !list) return;
  const query = form.elements.namedItem("q");
  if (query instanceof HTMLInputElement) query.value = filterOf(form);
  const words = form.querySelector<HTMLElement>("[data-whole-words]");
  if (!box.checked || !words) return;
  const asked = new URLSearchParams({ view: list.dataset.view ?? "", q: filterOf(form) });
  const answer = await fetch(`${box.dataset.count}?${asked}`, { headers: { Accept: "application/json", "HX-Request": "true" } });
  const found = (await answer.json()) as { words?: string; title?: string };
  words.textContent = found.words ?? found.title ?? words.textContent;
  if (!answer.ok) box.checked = false;
}

export function choosingAll(): void {
  if (!first("choosing")) return;
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box.name === "whole") void count(box).catch(() => undefined);
  });
  document.addEventListener("click", (event) => {
    const none = event.target instanceof Element ? event.target.closest("[data-choose-none]") : null;
    const box = none?.closest("form")?.querySelector<HTMLInputElement>("input[name=whole]");
    if (box) box.checked = false;
  });
}
