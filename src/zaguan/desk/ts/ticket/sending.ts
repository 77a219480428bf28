// Sending: once per key, never over somebody else's newer words, and always with a way back for ten seconds.
import { showToast } from "../../../ui/ts";
import { startAll } from "../../../ui/ts";
import { askFirst } from "./asking";
import type { Composer } from "./composer";
import { composers } from "./composer";
import { draftsAreKept, draftsSettled } from "./drafts";
import { openTicket, part, post } from "./page";
import { refresh } from "./refresh";
import { forgetTime } from "./timing";

interface Sent {
  message: number;
  key: string;
  text: string;
  undo?: string;
  url?: string;
  then?: { id: number; label: string; phase: string } | null;
}

interface Problem {
  title?: string;
  field?: string;
  /** Where the fields are asked for that are missing for the chosen status. */
  ask?: string;
  ask_label?: string;
  changes?: { message_id?: number; name?: string; excerpt?: string }[];
}

export class Sending {
  isBusy = false;
  /** The server said no because of newer words; that notice stays until it is answered. */
  hasConflict = false;
  private last: HTMLElement | null = null;
  private reminded = false;

  constructor(private readonly composer: Composer) {
    composer.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send((event as SubmitEvent).submitter);
    });
    document.addEventListener("undone", (event) => {
      const { address, ok } = (event as CustomEvent<{ address: string; ok: boolean }>).detail;
      if (address.includes("/withdraw/") && ok) void this.restore();
    });
  }

  sawUpTo(message: string): void {
    const field = this.field("last_seen_id");
    if (field && Number(message) > Number(field.value)) field.value = message;
  }

  private field(name: string): HTMLInputElement | null {
    return this.composer.form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
  }

  private async send(submitter: HTMLElement | null): Promise<void> {
    const { form, area } = this.composer;
    if (this.isBusy || this.mustRemind(submitter)) return;
    this.last = submitter;
    this.hasConflict = false;
    area.settle();
    const body = new FormData(form, submitter);
    body.delete("files");
    const address = submitter?.getAttribute("formaction") ?? form.action;
    this.busy(true);
    try {
      await draftsSettled(this.composer);
      const answer = await post(address, body);
      if (answer.ok) this.sent((await answer.json()) as Sent);
      else this.refused(answer.status, (await answer.json().catch(() => ({}))) as Problem);
    } catch {
      this.composer.notice(form.dataset.offline ?? "", "error");
    } finally {
      this.busy(false);
    }
  }

  private busy(on: boolean): void {
    this.isBusy = on;
    this.composer.form.toggleAttribute("aria-busy", on);
    for (const button of this.composer.form.querySelectorAll<HTMLButtonElement>("button[data-send]")) {
      button.toggleAttribute("aria-disabled", on);
    }
  }

  /** "See the attached file", and there is none. */
  private mustRemind(submitter: HTMLElement | null): boolean {
    const { form, area } = this.composer;
    if (this.reminded || area.kind !== "reply" || area.fileIds.length) return false;
    const words = (form.dataset.words ?? "").split(",").map((word) => word.trim().toLowerCase()).filter(Boolean);
    const text = area.text.toLowerCase();
    if (!words.some((word) => text.includes(word))) return false;
    const go = this.composer.button(form.dataset.remindSend ?? "", () => {
      this.reminded = true;
      this.composer.notice("");
      void this.send(submitter);
    });
    this.composer.notice(form.dataset.remind ?? "", "warn", [go]);
    return true;
  }

  private sent(answer: Sent): void {
    const { composer } = this;
    if (answer.url) {
      // Leaving the page must not keep again, as a draft, what is sent.
      draftsAreKept(composer);
      return location.assign(answer.url);
    }
    this.reminded = false;
    composer.area.clear();
    composer.notice("");
    const key = this.field("key");
    if (key) key.value = answer.key;
    this.sawUpTo(String(answer.message));
    if (answer.then !== undefined) this.remember(answer.then);
    composer.form.querySelector("[data-draft-state]")?.replaceChildren("");
    forgetTime(composer.form);
    for (const box of composer.form.querySelectorAll<HTMLInputElement>('[name="publish"]')) box.checked = false;
    draftsAreKept(composer);
    delete composer.form.dataset.open;
    (document.activeElement as HTMLElement | null)?.blur();
    showToast({ text: answer.text, ...(answer.undo ? { undo: answer.undo } : {}) });
    void refresh();
    document.dispatchEvent(new CustomEvent("ticket:sent", { detail: { ticket: openTicket()?.dataset.ticket, message: answer.message, undo: answer.undo } }));
  }

  /** The button offers next time what was chosen now. */
  private remember(then: Sent["then"]): void {
    const button = this.composer.form.querySelector<HTMLButtonElement>('.split [data-send="reply"]');
    const words = button?.querySelector<HTMLElement>("[data-send-label]");
    if (!button || !words) return;
    button.value = then ? String(then.id) : "";
    words.hidden = !then;
    words.querySelector(".dot")?.setAttribute("data-phase", then?.phase ?? "");
    words.lastElementChild?.replaceChildren(then?.label ?? "");
  }

  /** Say it beside the field that it is about, where the form has a place for it. */
  private atField({ field, title }: Problem): boolean {
    const { form } = this.composer;
    for (const each of form.querySelectorAll<HTMLElement>("[data-error-for]")) each.hidden = true;
    for (const each of form.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
    const place = field ? form.querySelector<HTMLElement>(`[data-error-for="${CSS.escape(field)}"]`) : null;
    const input = field ? form.querySelector<HTMLElement>(`#compose-${CSS.escape(field)}, #new-${CSS.escape(field)}-button, #new-${CSS.escape(field)}, [name="${CSS.escape(field)}"]`) : null;
    input?.setAttribute("aria-invalid", "true");
    input?.focus();
    if (!place) return false;
    place.hidden = false;
    place.querySelector("span")?.replaceChildren(title ?? "");
    place.scrollIntoView({ block: "nearest" });
    return true;
  }

  private refused(status: number, problem: Problem): void {
    const { composer } = this;
    const { form } = composer;
    if (problem.ask) return askFirst(composer, problem.title ?? "", problem.ask, problem.ask_label ?? "", () => void this.send(this.last));
    if (status !== 409) {
      if (!this.atField(problem)) composer.notice(problem.title ?? form.dataset.offline ?? "", "error");
      return;
    }
    const newer = (problem.changes ?? []).filter((each) => each.message_id);
    const list = document.createElement("ul");
    for (const each of newer) {
      const line = document.createElement("li");
      const name = document.createElement("b");
      name.textContent = each.name ?? "";
      line.append(name, ` ${each.excerpt ?? ""}`);
      list.append(line);
    }
    this.hasConflict = true;
    const anyway = composer.button(form.dataset.anyway ?? "", () => {
      this.sawUpTo(String(Math.max(...newer.map((each) => each.message_id ?? 0))));
      composer.notice("");
      void this.send(this.last);
    });
    composer.notice(problem.title ?? "", "warn", [anyway], list);
    void refresh();
  }

  /** The message came back: its words are in the draft. */
  private async restore(): Promise<void> {
    const dock = document.getElementById("composer");
    const ticket = openTicket();
    if (!dock || !ticket || !this.composer.form.isConnected) return;
    const fresh = (await part(`${ticket.dataset.url}?part=composer`))?.getElementById("composer");
    if (!fresh) return;
    dock.replaceWith(fresh);
    startAll(fresh);
    composers(fresh);
  }
}
