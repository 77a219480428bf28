// Where the agent writes: editors on demand, drafts on the server, files, and sending that never loses a word.
import { bind, first } from "../../../ui/ts/dom";
import { Area, type Kind } from "./area";
import { keepDrafts } from "./drafts";
import { offerMore } from "./attaching";
import { later } from "./page";
import { typing, whoTypes } from "./presence";
import { answer, recipients } from "./recipients";
import { Sending } from "./sending";
import { timing } from "./timing";

const DRAFT_AFTER = 800;

export class Composer {
  readonly areas = new Map<Kind, Area>();
  readonly sending: Sending;
  private pointed = false;

  constructor(readonly form: HTMLFormElement) {
    const changed = later(() => void keepDrafts(this), DRAFT_AFTER);
    const onChange = (): void => {
      changed();
      if (!this.area.isEmpty) typing();
    };
    for (const box of form.querySelectorAll<HTMLElement>("[data-editor]")) {
      const area = new Area(this, box, onChange);
      this.areas.set(area.kind, area);
    }
    this.sending = new Sending(this);
    form.addEventListener("composer:changed", changed);
    form.addEventListener("composer:focus", () => this.area.focus());
    form.addEventListener("change", (event) => this.onChange(event, changed));
    form.addEventListener("click", (event) => this.onClick(event));
    form.addEventListener("pointerdown", (event) => {
      this.pointed = event.target instanceof Element && event.target.closest(".composer__tab") !== null;
    });
    for (const event of ["ticket:presence", "ticket:news"]) document.addEventListener(event, (news) => this.warn(news));
    offerMore(this, changed);
    recipients(form);
    timing(form);
    this.action();
    form.dataset.ready = "";
  }

  get mode(): Kind {
    return (this.form.querySelector<HTMLInputElement>('input[name="mode"]:checked')?.value ?? "note") as Kind;
  }

  get area(): Area {
    return (this.areas.get(this.mode) ?? [...this.areas.values()][0]) as Area;
  }

  /** A line above the composer: what stands in the way of sending, or what one should know. */
  notice(text: string, kind: "typing" | "warn" | "error" = "warn", actions: HTMLElement[] = [], extra?: HTMLElement): void {
    const box = this.form.querySelector<HTMLElement>("[data-notice]");
    if (!box) return;
    if (!text) return box.replaceChildren();
    const banner = document.createElement("div");
    banner.className = "banner";
    banner.dataset.kind = kind;
    banner.setAttribute("role", kind === "error" ? "alert" : "status");
    const words = document.createElement("div");
    words.className = "banner__text";
    words.append(text);
    if (extra) words.append(extra);
    banner.append(words, ...actions, this.button(this.form.dataset.close ?? "", () => this.notice("")));
    box.replaceChildren(banner);
  }

  button(label: string, act: () => void): HTMLElement {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button button--s button--ghost", textContent: label });
    button.addEventListener("click", act);
    return button;
  }

  private action(): void {
    this.form.action = this.form.action.replace(/(reply|note)\/$/, `${this.mode}/`);
    for (const area of this.areas.values()) area.showFormat(area.kind === this.mode);
  }

  private onChange(event: Event, changed: () => void): void {
    const target = event.target as HTMLElement;
    if (target instanceof HTMLInputElement && target.name === "mode") this.action();
    else if (target.closest("[data-people], [data-time-box]")) changed();
    if ("draftWhole" in this.form.dataset) changed();
  }

  private onClick(event: Event): void {
    const target = event.target as HTMLElement;
    // By pointer or by key one goes on to write; with the arrows one only chooses.
    if (target instanceof HTMLInputElement && target.name === "mode") {
      if (this.pointed || document.activeElement !== target) this.area.focus();
      this.pointed = false;
    }
    const how = target.closest<HTMLElement>("[data-how]");
    if (how) {
      event.preventDefault();
      answer(how.dataset.how ?? "reply", this.form.querySelector<HTMLInputElement>('input[name="answers"]')?.value ?? "");
    }
  }

  /** Others write at the same time; or they already have. */
  private warn(event: Event): void {
    if (!this.form.isConnected) return;
    if (event.type === "ticket:presence") {
      const names = whoTypes();
      const said = this.form.querySelector<HTMLElement>("[data-notice] [data-kind=typing]");
      if (!names.length) return said ? this.notice("") : undefined;
      if (this.area.isEmpty || (!said && this.form.querySelector("[data-notice] .banner"))) return;
      this.notice((this.form.dataset.typing ?? "{}").replace("{}", names.join(", ")), "typing");
      return;
    }
    const { messages, label } = (event as CustomEvent<{ messages: HTMLElement[]; label: string }>).detail;
    const last = messages.at(-1)?.dataset.message ?? "";
    this.sending.sawUpTo(last);
    const fromOthers = messages.some((each) => !each.matches(".message--note"));
    if (fromOthers && !this.area.isEmpty && !this.sending.isBusy && !this.sending.hasConflict) this.notice(`${this.form.dataset.newer} ${label}`, "warn");
  }
}

let open: Composer | null = null;

function start(form: HTMLFormElement): void {
  open = new Composer(form);
}

function keepOpen(): void {
  if (open) void keepDrafts(open, true);
}

export function composers(root: ParentNode): void {
  bind<HTMLFormElement>(root, "form[data-composer]", start);
  if (!first("composers")) return;
  // What was typed a moment ago is not yet kept when another ticket is opened or the window closes.
  for (const target of [document, window]) target.addEventListener(target === window ? "pagehide" : "ticket:leaving", keepOpen);
  document.addEventListener("keydown", (event) => {
    const inside = event.target instanceof HTMLElement && event.target.closest("[data-composer]");
    if (event.key === "Escape" && inside && !document.querySelector(":popover-open")) (document.activeElement as HTMLElement).blur();
  });
}
