// Many values in one line, as chips: recipients, tags. The field itself keeps them with commas between.
import { bind } from "./dom";
import { optionElement, type Choice } from "./option";
import { place } from "./place";

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const WAIT = 150;

class TokenField {
  private readonly kept: HTMLInputElement;
  private readonly input: HTMLInputElement;
  private readonly popup = document.createElement("div");
  private values: string[];
  private active = -1;
  private timer = 0;

  constructor(private readonly box: HTMLElement) {
    this.input = box.querySelector("input") as HTMLInputElement;
    this.kept = document.createElement("input");
    this.kept.type = "hidden";
    this.kept.name = this.input.name;
    this.kept.disabled = this.input.disabled;
    for (const { name, value } of [...this.input.attributes]) {
      if (name.startsWith("hx-")) {
        this.kept.setAttribute(name, value);
        this.input.removeAttribute(name);
      }
    }
    this.input.removeAttribute("name");
    this.values = this.input.value.split(",").map((value) => value.trim()).filter(Boolean);
    this.input.value = "";
    this.popup.className = "combobox__popup";
    this.popup.setAttribute("popover", "manual");
    this.popup.setAttribute("role", "listbox");
    this.popup.setAttribute("aria-label", this.input.getAttribute("aria-label") ?? "");
    this.popup.id = `${this.input.id}-list`;
    this.box.append(this.kept, this.popup);
    if (box.dataset.source) {
      this.input.setAttribute("role", "combobox");
      this.input.setAttribute("aria-autocomplete", "list");
      this.input.setAttribute("aria-expanded", "false");
      this.input.setAttribute("aria-controls", this.popup.id);
    }
    this.draw();
    this.listen();
  }

  private listen(): void {
    this.box.addEventListener("click", (event) => {
      const remove = (event.target as Element).closest<HTMLElement>("[data-remove-at]");
      if (remove) this.change(this.values.filter((_, index) => index !== Number(remove.dataset.removeAt)));
      this.input.focus();
    });
    this.popup.addEventListener("pointerdown", (event) => {
      const option = (event.target as Element).closest<HTMLElement>(".option");
      if (!option) return;
      event.preventDefault();
      this.add(option.dataset.value ?? "");
    });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.add(this.input.value));
    this.input.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text") ?? "";
      if (!/[,;\n]/.test(text)) return;
      event.preventDefault();
      this.change([...this.values, ...text.split(/[,;\n]/).map((value) => value.trim()).filter(Boolean)]);
    });
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.suggest(), WAIT);
    });
  }

  private onKey(event: KeyboardEvent): void {
    const options = [...this.popup.querySelectorAll<HTMLElement>(".option")];
    if (event.key === "Backspace" && this.input.value === "") return this.change(this.values.slice(0, -1));
    if (event.key === "Escape" && this.popup.matches(":popover-open")) return event.stopPropagation(), this.shut();
    if (options.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      return this.activate(options, this.active + (event.key === "ArrowDown" ? 1 : -1));
    }
    const done = event.key === "Enter" || event.key === "," || event.key === ";" || event.key === "Tab";
    const chosen = options[this.active]?.dataset.value;
    if (!done || !(chosen ?? this.input.value.trim())) return;
    if (event.key !== "Tab" && !event.ctrlKey && !event.metaKey) event.preventDefault();
    this.add(chosen ?? this.input.value);
  }

  private activate(options: HTMLElement[], index: number): void {
    options[this.active]?.removeAttribute("data-active");
    this.active = (index + options.length) % options.length;
    const option = options[this.active];
    if (!option) return;
    option.dataset.active = "";
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  private async suggest(): Promise<void> {
    const source = this.box.dataset.source;
    const text = this.input.value.trim();
    if (!source || !text) return this.shut();
    const answer = await fetch(`${source}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || this.input.value.trim() !== text) return;
    const found = ((await answer.json()) as Choice[]).filter((choice) => !this.values.includes(choice.value));
    this.popup.replaceChildren(...found.map((choice, index) => optionElement(choice, `${this.input.id}-o${index}`, false)));
    if (!found.length) return this.shut();
    this.popup.showPopover();
    place(this.input, this.popup, "bottom-start");
    this.input.setAttribute("aria-expanded", "true");
    this.active = -1;
    this.activate([...this.popup.querySelectorAll<HTMLElement>(".option")], 0);
  }

  private shut(): void {
    if (this.popup.matches(":popover-open")) this.popup.hidePopover();
    this.popup.replaceChildren();
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    if (this.box.dataset.source) this.input.setAttribute("aria-expanded", "false");
  }

  private add(text: string): void {
    const value = text.trim().replace(/[,;]+$/, "");
    this.input.value = "";
    this.shut();
    if (value && !this.values.includes(value)) this.change([...this.values, value]);
  }

  private change(values: string[]): void {
    this.values = [...new Set(values)];
    this.draw();
    this.kept.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private draw(): void {
    for (const old of this.box.querySelectorAll(".token")) old.remove();
    this.input.before(...this.values.map((value, index) => this.token(value, index)));
    this.kept.value = this.values.join(", ");
  }

  private token(value: string, index: number): HTMLElement {
    const token = document.createElement("span");
    token.className = "token";
    token.dataset.value = value;
    // "Ana Robles <ana@…>" shows the name, and the address on pointing.
    const [, name, address] = value.match(/^\s*"?([^"<]+?)"?\s*<([^>]+)>\s*$/) ?? [];
    const bare = address ?? value;
    if (address) token.dataset.tip = address;
    if (this.box.dataset.kind === "email" && !ADDRESS.test(bare)) token.dataset.invalid = "";
    const text = document.createElement("span");
    text.className = "token__text";
    text.textContent = name ?? value;
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "token__remove", textContent: "×" });
    remove.dataset.removeAt = String(index);
    remove.setAttribute("aria-label", (this.box.dataset.remove ?? "{}").replace("{}", value));
    token.append(text, remove);
    return token;
  }
}

function start(box: HTMLElement): void {
  new TokenField(box);
}

export function tokenFields(root: ParentNode): void {
  bind(root, "[data-tokens]", start);
}
