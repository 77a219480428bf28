// A form that is no composer, kept on the server as it is typed: <div data-draft="/address">; and what an undo brings back.
import htmx from "htmx.org";
import { bind, first, from } from "../../../ui/ts/dom";
import { startAll } from "../../../ui/ts";
import { chats } from "./chat";
import { later, openTicket, part, post } from "./page";

const AFTER = 800;
const OURS = ["csrfmiddlewaretoken", "seen"];

class KeptForm {
  private kept: string;
  private underway: AbortController | null = null;
  private isSent = false;

  constructor(private readonly box: HTMLElement, readonly form: HTMLFormElement) {
    this.kept = this.values().toString();
    const soon = later(() => void this.save(), AFTER);
    for (const event of ["input", "change"]) form.addEventListener(event, () => ((this.isSent = false), soon()));
    form.addEventListener("click", (event) => {
      const remove = event.target instanceof Element ? event.target.closest("[data-remove-file]") : null;
      remove?.closest(".attachment")?.remove();
      if (remove) void this.save();
    });
    form.addEventListener("submit", () => this.sent());
    form.addEventListener("htmx:afterRequest", (event) => this.answered((event as CustomEvent<{ successful: boolean }>).detail.successful));
    window.addEventListener("pagehide", () => void this.save(true));
    document.addEventListener("ticket:leaving", () => void this.save(true));
  }

  private values(): URLSearchParams {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && !OURS.includes(name)) body.append(name, value);
    }
    return body;
  }

  /** A saving that arrives after the sending would bring back as a draft what is sent. */
  private sent(): void {
    this.isSent = true;
    this.underway?.abort();
  }

  private answered(successful: boolean): void {
    if (!successful) return void ((this.isSent = false), this.save());
    // The next key has come into the form: what stands there now is what is known.
    this.kept = this.values().toString();
    this.say("");
  }

  private async save(leaving = false): Promise<void> {
    const body = this.values();
    if (this.isSent || this.kept === body.toString()) return;
    this.underway?.abort();
    const mine = (this.underway = new AbortController());
    try {
      const answer = await post(this.box.dataset.draft ?? "", body, leaving, mine.signal);
      if (!answer.ok) throw new Error();
      this.kept = body.toString();
      this.say(this.box.dataset.saved ?? "");
    } catch {
      if (!mine.signal.aborted) this.say(this.box.dataset.unsaved ?? "");
    }
  }

  private say(text: string): void {
    this.form.querySelector("[data-draft-state]")?.replaceChildren(text);
  }
}

function start(box: HTMLElement): void {
  const form = box.closest("form");
  if (form) new KeptForm(box, form);
}

/** The words that came back, with what was begun since and is not among them. */
function giveBack(old: HTMLElement, fresh: HTMLElement): void {
  const [typed, back] = [old.querySelector("textarea"), fresh.querySelector("textarea")];
  if (!typed || !back || typed.value === back.value) return;
  if (typed.value && !back.value.includes(typed.value)) back.value = [back.value, typed.value].filter(Boolean).join("\n\n");
  old.replaceWith(fresh);
  startAll(fresh);
  htmx.process(fresh);
  back.focus();
}

async function undone(event: Event): Promise<void> {
  const { address, ok } = (event as CustomEvent<{ address: string; ok: boolean }>).detail;
  const ticket = openTicket();
  if (!ok || !ticket || !address.endsWith("/outside/withdraw/")) return;
  const fresh = await part(`${ticket.dataset.url}?part=live&tab=outside`);
  for (const form of fresh?.querySelectorAll<HTMLElement>("form[data-draft]") ?? []) {
    const old = document.getElementById(form.id);
    if (old) giveBack(old, form);
  }
}

/** What came into the page by itself, as when a colleague asks somebody, is bound when somebody goes there. */
function entered(event: Event): void {
  const form = from(event, "form[data-draft]");
  if (form) keptForms(form), chats(form);
}

export function keptForms(root: ParentNode): void {
  bind(root, "[data-draft]", start);
  if (!first("kept-forms")) return;
  document.addEventListener("undone", (event) => void undone(event).catch(() => undefined));
  document.addEventListener("focusin", entered);
}
