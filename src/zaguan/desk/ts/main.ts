// The desk's script: the shared behaviours, parts of pages by htmx, keys, lists, live updates.
import htmx from "htmx.org";
import { showToast, startAll } from "../../ui/ts";
import { first } from "../../ui/ts/dom";
import { notifications } from "./bell";
import { alive } from "./alive";
import { boards } from "./board";
import { chapters } from "./chapters";
import { choosingAll } from "./choosing";
import { counts } from "./counts";
import { lists } from "./list";
import { livePages } from "./live-page";
import { nextTicket } from "./next";
import { opening } from "./opening";
import { palette } from "./palette";
import { push } from "./push";
import { sayAtField } from "./refusals";
import { runs } from "./runs";
import { shortcuts } from "./shortcuts";
import { work } from "./work";

function start(root: ParentNode): void {
  startAll(root);
  lists(root);
  boards(root);
  // The editor and what belongs to a ticket come only where there is one; its parts come one by one.
  if (document.querySelector("[data-ticket-page], [data-composer], [data-new-ticket]")) {
    void import("./ticket/main").then((module) => module.start(root));
  }
}

function csrf(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

document.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRFToken"] = csrf();
});
document.addEventListener("htmx:load", (event) => start((event as CustomEvent<{ elt: HTMLElement }>).detail.elt));

// A refusal is a sentence: show it, and leave what was typed where it is.
document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt } = (event as CustomEvent<{ xhr: XMLHttpRequest; elt: HTMLElement }>).detail;
  if (xhr.status === 409 || !xhr.getResponseHeader("Content-Type")?.includes("json")) return;
  const problem = JSON.parse(xhr.responseText) as { title?: string; field?: string };
  showToast({ text: problem.title ?? xhr.statusText, kind: "error" });
  sayAtField(problem.field ?? "", problem.title ?? "", elt);
});
// Whoever is no longer signed in is led to the sign-in page; a part of this page cannot hold it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<{ xhr: XMLHttpRequest; shouldSwap: boolean }>;
  if (!new URL(detail.xhr.responseURL || location.href).pathname.endsWith("/sign-in/")) return;
  detail.shouldSwap = false;
  if (first("signed-out")) showToast({ text: document.body.dataset.signedOut ?? "", kind: "error" });
});
document.addEventListener("htmx:sendError", () => {
  showToast({ text: document.body.dataset.offline ?? "Offline", kind: "error" });
});

Object.assign(window, { htmx });
shortcuts();
palette();
counts();
choosingAll();
runs();
work();
alive();
nextTicket();
notifications();
chapters();
push();
opening(start);
livePages(start);
start(document);
void import("./live").then((module) => module.live());
