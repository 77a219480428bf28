// One menu for all messages: it opens beside the button that was pressed and acts on that message.
import { first } from "../../../ui/ts/dom";
import { place, showToast } from "../../../ui/ts";
import htmx from "htmx.org";
import { openTicket } from "./page";
import { answer } from "./recipients";

let current = "";

function open(button: HTMLElement): void {
  const menu = document.getElementById("message-menu");
  if (!menu) return;
  current = button.dataset.messageMenu ?? "";
  const isNote = button.closest(".message--note") !== null;
  for (const item of menu.querySelectorAll<HTMLElement>("[data-message-act]")) {
    const sends = ["reply", "reply_all", "forward"].includes(item.dataset.messageAct ?? "");
    item.hidden = isNote ? sends : item.dataset.messageAct === "publish";
  }
  const origin = button.closest(".message")?.querySelector<HTMLAnchorElement>("a[data-origin]");
  const there = menu.querySelector<HTMLAnchorElement>("[data-message-origin]");
  if (there) {
    there.hidden = !origin;
    there.href = origin?.href ?? "#";
  }
  menu.showPopover();
  place(button, menu, "bottom-end");
}

function act(name: string): void {
  if (name === "details") location.assign(`/desk/messages/${current}/`);
  else if (name === "split") void htmx.ajax("get", `${openTicket()?.dataset.url ?? ""}split/?message=${current}`, { target: "#action-dialog" });
  else if (name === "publish") void htmx.ajax("get", `/desk/messages/${current}/publish/`, { target: "#action-dialog" });
  else if (name === "link") {
    const address = `${location.origin}${location.pathname}#message-${current}`;
    void navigator.clipboard.writeText(address).then(() => showToast({ text: address }));
  } else answer(name, current);
}

export function messageMenus(): void {
  if (!first("message-menus")) return;
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey) return;
    const button = event.target.closest<HTMLElement>("[data-message-menu]");
    const direct = event.target.closest<HTMLElement>("[data-answer]");
    const item = event.target.closest<HTMLElement>("[data-message-act]");
    if (!button && !direct && !item) return;
    event.preventDefault();
    if (button) open(button);
    else if (direct) answer("reply", direct.dataset.answer ?? "");
    else act(item?.dataset.messageAct ?? "");
  });
}
