// A change of many tickets that goes on in the background: a bar at the foot of every page until it has ended.
import { first, memory } from "../../ui/ts/dom";
import { csrf } from "./ticket/page";

const KEY = "run";
const EVERY_MS = 1000;

let timer = 0;

function bar(): HTMLElement {
  const found = document.getElementById("run-bar");
  if (found) return found;
  const made = document.createElement("section");
  made.id = "run-bar";
  made.className = "run-bar";
  document.body.append(made);
  return made;
}

function forget(): void {
  clearTimeout(timer);
  memory.set(KEY, "");
  document.getElementById("run-bar")?.remove();
}

/** Draw how far it is; true while it goes on. */
async function draw(run: string): Promise<boolean> {
  const answer = await fetch(`/desk/runs/${run}/?part=bar`, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return forget(), false;
  const box = bar();
  const hadFocus = box.contains(document.activeElement);
  box.innerHTML = await answer.text();
  if (hadFocus) box.querySelector<HTMLElement>("a, button")?.focus();
  const ended = box.querySelector("[data-ended]") !== null;
  if (ended) document.dispatchEvent(new CustomEvent("zaguan:changed"));
  return !ended;
}

function follow(run: string): void {
  clearTimeout(timer);
  const again = (): void => void (timer = window.setTimeout(look, EVERY_MS));
  const look = (): void => {
    if (document.hidden) return again();
    draw(run)
      .then((goes) => goes && again())
      .catch(again);
  };
  look();
}

async function send(address: string): Promise<void> {
  await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } });
  const run = memory.get(KEY);
  if (run) follow(run);
}

/** The page of a run reads itself again until it has ended. */
function page(): void {
  const section = document.querySelector<HTMLElement>("[data-run-page]");
  if (!section) return;
  window.setTimeout(() => {
    fetch(location.href)
      .then((answer) => answer.text())
      .then((text) => {
        const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("main");
        if (fresh) document.getElementById("main")?.replaceChildren(...fresh.childNodes);
        page();
      })
      .catch(page);
  }, EVERY_MS);
}

export function runs(): void {
  if (!first("runs")) return;
  document.addEventListener("zaguan:run", (event) => {
    const run = String((event as CustomEvent<{ id: number }>).detail.id);
    memory.set(KEY, run);
    follow(run);
  });
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const button = target?.closest<HTMLElement>("[data-run-post]");
    if (button) void send(button.dataset.runPost ?? "");
    if (target?.closest("[data-run-close]")) forget();
  });
  const run = memory.get(KEY);
  if (run) follow(run);
  page();
}
