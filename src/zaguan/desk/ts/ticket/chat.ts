// Internal notes as a chat: Enter sends, "@" names a colleague, and the newest note is always in view.
import { bind, first } from "../../../ui/ts/dom";
import { optionElement, type Choice } from "../../../ui/ts/option";

const NAMING = /(?:^|\s)@([\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]*)?)$/u;

class Names {
  private readonly box = document.createElement("div");
  private found: Choice[] = [];
  private active = 0;
  private asked = 0;

  constructor(private readonly field: HTMLTextAreaElement, private readonly source: string) {
    this.box.className = "combobox__popup";
    this.box.setAttribute("popover", "manual");
    this.box.setAttribute("role", "listbox");
    field.after(this.box);
    field.addEventListener("input", () => void this.ask().catch(() => this.hide()));
    field.addEventListener("blur", () => this.hide());
    this.box.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target instanceof Element ? event.target.closest(".option") : null;
      if (option) this.choose([...this.box.children].indexOf(option));
    });
  }

  /** True when the key was for the list. */
  key(event: KeyboardEvent): boolean {
    if (!this.found.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.active = (this.active + step + this.found.length) % this.found.length;
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.active);
    else return false;
    this.mark();
    return true;
  }

  private typed(): RegExpExecArray | null {
    return NAMING.exec(this.field.value.slice(0, this.field.selectionStart));
  }

  private async ask(): Promise<void> {
    const typed = this.typed();
    if (!typed) return this.hide();
    const mine = ++this.asked;
    const answer = await fetch(`${this.source}?q=${encodeURIComponent(typed[1] ?? "")}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== this.asked) return;
    this.found = (await answer.json()) as Choice[];
    this.active = 0;
    if (!this.found.length) return this.hide();
    this.box.replaceChildren(...this.found.map((each, index) => optionElement(each, `named-${index}`, false)));
    if (!this.box.matches(":popover-open")) this.box.showPopover();
    const at = this.field.getBoundingClientRect();
    Object.assign(this.box.style, { left: `${at.left}px`, top: `${Math.max(8, at.top - this.box.offsetHeight - 6)}px` });
    this.mark();
  }

  private choose(index: number): void {
    const chosen = this.found[index];
    const typed = this.typed();
    if (!chosen || !typed) return;
    const end = this.field.selectionStart;
    this.field.setRangeText(`@${chosen.label} `, end - (typed[1] ?? "").length - 1, end, "end");
    this.hide();
  }

  private hide(): void {
    this.found = [];
    if (this.box.matches(":popover-open")) this.box.hidePopover();
  }

  private mark(): void {
    [...this.box.children].forEach((option, index) => option.toggleAttribute("data-active", index === this.active));
  }
}

function startForm(form: HTMLElement): void {
  const field = form.querySelector("textarea");
  if (!(form instanceof HTMLFormElement) || !field) return;
  const names = new Names(field, form.dataset.mentions ?? "");
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (names.key(event)) return event.preventDefault();
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (field.value.trim()) form.requestSubmit();
  });
}

function kept(event: Event): void {
  const form = document.getElementById("chat-form");
  const field = form?.querySelector("textarea");
  const key = form?.querySelector<HTMLInputElement>("input[name=key]");
  if (!field || !key) return;
  key.value = (event as CustomEvent<{ key: string }>).detail.key;
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

/** Whoever reads the end goes on reading the end. */
function follow(log: HTMLElement): void {
  let atEnd = true;
  const down = (): void => void (log.scrollTop = log.scrollHeight);
  log.addEventListener("scroll", () => (atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60));
  new MutationObserver(() => atEnd && down()).observe(log, { childList: true, subtree: true });
  down();
}

function emptied(form: HTMLElement): void {
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!(event as CustomEvent<{ successful: boolean }>).detail.successful) return;
    // What stood there as a draft is sent now.
    for (const field of form.querySelectorAll("textarea")) field.defaultValue = "";
    for (const file of form.querySelectorAll(".attachment--draft")) file.remove();
    (form as HTMLFormElement).reset();
    // The same words again are another message.
    const key = form.querySelector<HTMLInputElement>("input[data-renew]");
    if (key) key.value = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    for (let token = form.querySelector<HTMLElement>("[data-remove-at]"); token; token = form.querySelector("[data-remove-at]")) token.click();
  });
}

export function chats(root: ParentNode): void {
  bind(root, "[data-chat]", follow);
  bind(root, "[data-chat-form]", startForm);
  bind(root, "form[data-empty-when-done]", emptied);
  if (first("chats")) document.addEventListener("chat:kept", kept);
}
