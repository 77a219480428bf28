// One of the two texts of the composer: a plain text area until somebody begins to write.
import type { Composer } from "./composer";
import type { Writing } from "./editor";
import type { Colleague } from "./mention";
import { post } from "./page";
import { addStored, upload, type Stored } from "./uploads";
import type { Choice } from "../../../ui/ts/option";

export type Kind = "reply" | "note";

const escape = (text: string): string => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c] ?? c);

const asHtml = (text: string): string =>
  text.trim() ? text.split(/\n{2,}/).map((each) => `<p>${escape(each).replace(/\n/g, "<br>")}</p>`).join("") : "";

export class Area {
  readonly kind: Kind;
  private readonly plain: HTMLTextAreaElement;
  private readonly kept = document.createElement("input");
  private writing: Writing | null = null;
  private loading: Promise<Writing> | null = null;

  constructor(
    private readonly composer: Composer,
    private readonly box: HTMLElement,
    private readonly onChange: () => void,
  ) {
    this.kind = box.dataset.editor as Kind;
    this.plain = box.querySelector("textarea") as HTMLTextAreaElement;
    Object.assign(this.kept, { type: "hidden", name: `${this.kind}_html` });
    box.addEventListener("focusin", () => (this.composer.form.dataset.open = ""));
    // The draft stands there as text, so that nothing in it is markup of this page.
    const draft = box.querySelector("template")?.content.textContent?.trim() ?? "";
    if (draft) void this.load(draft);
    else this.plain.addEventListener("focus", () => void this.load(""), { once: true });
  }

  get files(): HTMLElement | null {
    return this.composer.form.querySelector<HTMLElement>(`[data-files="${this.kind}"]`);
  }

  get fileIds(): string[] {
    const kept = this.files?.querySelectorAll<HTMLInputElement>("input[type=hidden]") ?? [];
    return [...kept].map((each) => each.value);
  }

  get html(): string {
    return this.writing ? this.writing.html() : asHtml(this.plain.value);
  }

  get text(): string {
    return this.writing ? this.writing.text() : this.plain.value;
  }

  get isEmpty(): boolean {
    return this.writing ? this.writing.isEmpty() : !this.plain.value.trim();
  }

  focus(): void {
    this.composer.form.dataset.open = "";
    if (this.writing) return this.writing.focus();
    // What is typed until the editor is there goes into the plain field, never to the page's keys.
    this.plain.focus();
    void this.load("");
  }

  /** Put what was written into the field that is sent. */
  settle(): void {
    this.kept.value = this.html;
    if (!this.kept.isConnected) this.box.append(this.kept);
  }

  clear(): void {
    this.writing?.set("");
    this.plain.value = "";
    this.kept.value = "";
    this.files?.replaceChildren();
  }

  showFormat(shown: boolean): void {
    if (shown) this.showMarks();
  }

  private load(draft: string): Promise<Writing> {
    this.loading ??= import("./editor").then(({ makeEditor }) => this.make(makeEditor, draft));
    return this.loading;
  }

  private make(makeEditor: typeof import("./editor").makeEditor, draft: string): Writing {
    const colleagues = this.kind === "note" ? { colleagues: (text: string) => this.colleagues(text) } : {};
    const url = this.composer.form.dataset.cannedUrl;
    const canned = url ? { canned: { find: (text: string) => this.canned(url, text), fill: (id: string) => this.fill(url, id) } } : {};
    const hadFocus = document.activeElement === this.plain;
    const typed = this.plain.value === this.plain.defaultValue ? "" : asHtml(this.plain.value);
    this.writing = makeEditor(this.box, {
      html: typed || draft,
      placeholder: this.box.dataset.placeholder ?? "",
      label: this.plain.getAttribute("aria-label") ?? "",
      onChange: this.onChange,
      onSend: () => this.composer.form.querySelector<HTMLElement>(`.split [data-send="${this.kind}"]`)?.click(),
      onFiles: (files) => this.take(files),
      ...colleagues,
      ...canned,
    });
    if (hadFocus) this.writing.focus();
    this.plain.hidden = true;
    this.plain.disabled = true;
    this.box.append(this.kept);
    this.writing.onState(() => this.composer.mode === this.kind && this.showMarks());
    this.showMarks();
    return this.writing;
  }

  /** Keep the files; the pictures among them go into the text. */
  private async take(files: File[]): Promise<string[]> {
    const area = this.files;
    if (!area) return [];
    const stored = await Promise.all(files.map((file) => upload(this.composer.form, area, file)));
    this.onChange();
    return stored.filter((each) => each?.is_picture).map((each) => each?.url ?? "");
  }

  private async colleagues(text: string): Promise<Colleague[]> {
    const answer = await fetch(`${this.composer.form.dataset.mentionsUrl}?q=${encodeURIComponent(text)}`);
    return answer.ok ? ((await answer.json()) as Colleague[]) : [];
  }

  private async canned(url: string, text: string): Promise<Choice[]> {
    const answer = await fetch(`${url}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
    return answer.ok ? ((await answer.json()) as Choice[]) : [];
  }

  /** A canned message with this ticket's values; its files go below the text, what is missing is said above it. */
  private async fill(url: string, id: string): Promise<string> {
    const answer = await post(`${url}${id}/`, new URLSearchParams({ kind: this.kind }));
    if (!answer.ok) return "";
    const ready = (await answer.json()) as { html: string; missing: string; files: Stored[] };
    for (const file of ready.files) if (this.files) addStored(this.composer.form, this.files, file);
    if (ready.missing) this.composer.notice(ready.missing, "warn");
    this.onChange();
    return ready.html;
  }

  /** Open the list of canned messages at the cursor. */
  async offerCanned(): Promise<void> {
    this.composer.form.dataset.open = "";
    (await this.load("")).type("/");
  }

  run(mark: string): void {
    this.writing?.run(mark, this.composer.form.dataset.link ?? "");
  }

  private showMarks(): void {
    const tools = this.composer.form.querySelector<HTMLElement>("[data-format]");
    if (!tools || this.composer.mode !== this.kind) return;
    tools.hidden = this.writing === null;
    for (const button of tools.querySelectorAll<HTMLElement>("[data-mark]")) {
      button.setAttribute("aria-pressed", String(this.writing?.isActive(button.dataset.mark ?? "") ?? false));
    }
  }
}
