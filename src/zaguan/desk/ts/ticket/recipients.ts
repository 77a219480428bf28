// To, CC and BCC: fetched again for another way to answer; who was not part of it so far is marked.
import { bind } from "../../../ui/ts/dom";
import { startAll } from "../../../ui/ts";
import { part } from "./page";

const composer = (): HTMLFormElement | null => document.querySelector<HTMLFormElement>("form[data-composer]");

const bare = (line: string): string => (line.match(/<([^>]+)>/)?.[1] ?? line).trim().toLowerCase();

/** Answer, answer everybody or forward: the recipients come from the server, the text stays. */
export function answer(how: string, message: string): void {
  const form = composer();
  if (!form) return;
  form.querySelector<HTMLInputElement>('input[name="mode"][value="reply"]')?.click();
  void replace(form, how, message).then(() => form.dispatchEvent(new CustomEvent("composer:focus")));
}

async function replace(form: HTMLFormElement, how: string, message: string): Promise<void> {
  const query = new URLSearchParams({ how, answer: message });
  const fresh = await part(`${form.dataset.recipientsUrl}?${query.toString()}`);
  const people = fresh?.querySelector("[data-people]");
  const old = form.querySelector("[data-people]");
  if (!people || !old) return;
  old.replaceWith(people);
  startAll(people.parentElement ?? form);
  recipients(form);
  const item = form.querySelector<HTMLElement>(`[data-how="${how}"]`);
  form.querySelector("[data-how-label]")?.replaceChildren(item?.querySelector(".menu__text")?.textContent ?? "");
  for (const each of form.querySelectorAll("[data-how]")) each.setAttribute("aria-checked", String(each === item));
  form.dispatchEvent(new CustomEvent("composer:changed"));
}

function mark(people: HTMLElement): void {
  const known = new Set((people.dataset.known ?? "").split(",").map((each) => each.trim()));
  const strangers: string[] = [];
  for (const token of people.querySelectorAll<HTMLElement>(".token")) {
    const address = bare(token.dataset.value ?? "");
    const isStranger = !known.has(address) && !("invalid" in token.dataset);
    token.toggleAttribute("data-outside", isStranger);
    if (isStranger) strangers.push(address);
  }
  const line = people.querySelector<HTMLElement>("[data-outside-line]");
  const words = composer()?.dataset.outside ?? "{}";
  line?.querySelector("span")?.replaceChildren(words.replace("{}", strangers.join(", ")));
  if (line) line.hidden = strangers.length === 0;
}

function start(people: HTMLElement): void {
  people.addEventListener("change", () => mark(people));
  people.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-show-line]") : null;
    const line = people.querySelector<HTMLElement>(`[data-line="${button?.dataset.showLine}"]`);
    if (!button || !line) return;
    button.hidden = true;
    delete line.dataset.empty;
    line.querySelector<HTMLInputElement>("input:not([type=hidden])")?.focus();
  });
  mark(people);
}

export function recipients(root: ParentNode): void {
  bind(root, "[data-people]", start);
}
