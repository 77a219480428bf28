// A select with many options as a button that opens a list with a filter (ARIA 1.2 combobox). The select below keeps
// the value, so forms, htmx and pages without script see an ordinary field.
import { bind } from "./dom";
import { lead, optionElement, plain, type Choice } from "./option";
import { place } from "./place";
import { Typed } from "./typed";

const FILTER_FROM = 7;
const SAID = ["aria-describedby", "aria-invalid"];

class Combobox {
  private readonly select: HTMLSelectElement;
  private readonly button = document.createElement("button");
  private readonly value = document.createElement("span");
  private readonly popup = document.createElement("div");
  private readonly filter = document.createElement("input");
  private readonly list = document.createElement("div");
  private options: HTMLElement[] = [];
  private active = -1;
  private readonly typed = new Typed();

  constructor(private readonly box: HTMLElement) {
    this.select = box.querySelector("select") as HTMLSelectElement;
    this.build();
    this.show();
    this.button.addEventListener("keydown", (event) => this.onButtonKey(event));
    this.filter.addEventListener("input", () => this.narrow());
    this.popup.addEventListener("keydown", (event) => this.onKey(event));
    this.popup.addEventListener("toggle", (event) => this.onToggle((event as ToggleEvent).newState === "open"));
    this.list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>(".option");
      if (option) this.choose(option);
    });
    this.select.addEventListener("change", () => this.show());
    // Whoever refuses a form names and focuses the select; what is seen is the button.
    this.select.addEventListener("focus", () => this.button.focus());
    new MutationObserver(() => this.copyState()).observe(this.select, { attributeFilter: SAID });
  }

  private copyState(): void {
    for (const name of SAID) {
      const said = this.select.getAttribute(name);
      if (said) this.button.setAttribute(name, said);
      else this.button.removeAttribute(name);
    }
  }

  private build(): void {
    const id = this.select.id;
    const label = document.querySelector<HTMLElement>(`label[for="${CSS.escape(id)}"]`);
    if (label) label.id ||= `${id}-label`;
    Object.assign(this.button, { type: "button", className: "input combobox__button", id: `${id}-button` });
    this.value.className = "combobox__value";
    this.value.id = `${id}-value`;
    const caret = document.createElement("span");
    caret.className = "combobox__caret";
    this.button.append(this.value, caret);
    this.button.setAttribute("aria-haspopup", "listbox");
    this.button.setAttribute("aria-expanded", "false");
    this.button.setAttribute("aria-labelledby", `${label?.id ?? ""} ${this.value.id}`.trim());
    this.copyState();
    this.button.disabled = this.select.disabled;
    this.popup.className = "combobox__popup";
    this.popup.id = `${id}-popup`;
    this.popup.setAttribute("popover", "auto");
    this.button.setAttribute("popovertarget", this.popup.id);
    Object.assign(this.filter, { type: "text", className: "input input--s combobox__filter", autocomplete: "off" });
    const what = this.box.dataset.filterLabel ?? "";
    const said = { role: "combobox", "aria-controls": `${id}-list`, "aria-expanded": "true", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries({ ...said, "aria-label": what, placeholder: what })) this.filter.setAttribute(name, value);
    this.list.className = "combobox__list";
    this.list.id = `${id}-list`;
    this.list.setAttribute("role", "listbox");
    this.list.tabIndex = -1;
    if (label) this.list.setAttribute("aria-labelledby", label.id);
    this.popup.append(this.filter, this.list);
    this.select.dataset.enhanced = "";
    this.select.tabIndex = -1;
    this.select.setAttribute("aria-hidden", "true");
    label?.addEventListener("click", (event) => (event.preventDefault(), this.button.focus()));
    this.box.append(this.button, this.popup);
  }

  private choices(): Choice[] {
    return [...this.select.options].map((option) => ({ ...option.dataset, value: option.value, label: option.text }));
  }

  private show(): void {
    const option = this.select.selectedOptions[0];
    this.value.replaceChildren(option?.text.trim() || (this.box.dataset.empty ?? ""));
    this.value.toggleAttribute("data-empty", !option?.value);
    for (const old of [...this.button.children]) if (old !== this.value && !old.matches(".combobox__caret")) old.remove();
    const before = option ? lead({ ...option.dataset, value: "", label: "" }) : null;
    if (before) this.button.prepend(before);
  }

  private fill(): void {
    let group = "";
    const children: HTMLElement[] = [];
    this.options = this.choices().map((choice, index) => {
      if (choice.group && choice.group !== group) {
        const title = document.createElement("div");
        title.className = "option-group";
        title.setAttribute("role", "presentation");
        title.textContent = group = choice.group;
        children.push(title);
      }
      const option = optionElement(choice, `${this.select.id}-o${index}`, this.select.value === choice.value);
      children.push(option);
      return option;
    });
    this.list.replaceChildren(...children);
    this.filter.hidden = this.options.length < FILTER_FROM;
  }

  private onToggle(open: boolean): void {
    this.button.setAttribute("aria-expanded", String(open));
    if (!open) return;
    this.filter.value = "";
    this.fill();
    this.popup.style.minWidth = `${this.button.offsetWidth}px`;
    place(this.button, this.popup, "bottom-start");
    this.activate(this.options.findIndex((option) => option.getAttribute("aria-selected") === "true"));
    (this.filter.hidden ? this.list : this.filter).focus({ preventScroll: true });
  }

  private narrow(): void {
    const wanted = plain(this.filter.value.trim());
    for (const option of this.options) option.hidden = !plain(option.textContent ?? "").includes(wanted);
    for (const title of this.list.querySelectorAll<HTMLElement>(".option-group")) title.hidden = wanted !== "";
    this.list.querySelector(".combobox__none")?.remove();
    const firstShown = this.options.findIndex((option) => !option.hidden);
    if (firstShown < 0) {
      const none = document.createElement("div");
      none.className = "combobox__none";
      none.textContent = this.box.dataset.none ?? "";
      this.list.append(none);
    }
    this.activate(firstShown);
  }

  private activate(index: number): void {
    this.options[this.active]?.removeAttribute("data-active");
    this.active = index;
    const option = this.options[index];
    const holder = this.filter.hidden ? this.list : this.filter;
    if (!option) return holder.removeAttribute("aria-activedescendant");
    option.dataset.active = "";
    holder.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  private step(by: number): void {
    const shown = this.options.filter((option) => !option.hidden);
    const here = shown.indexOf(this.options[this.active] as HTMLElement);
    const next = shown[(here + by + shown.length) % shown.length];
    if (next) this.activate(this.options.indexOf(next));
  }

  private choose(option: HTMLElement): void {
    this.popup.hidePopover();
    this.button.focus();
    const value = option.dataset.value ?? "";
    if (this.select.value === value) return;
    this.select.value = value;
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private onButtonKey(event: KeyboardEvent): void {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    this.popup.showPopover();
  }

  private onKey(event: KeyboardEvent): void {
    // Letters typed here are the filter's, not shortcuts of the page.
    event.stopPropagation();
    if (event.key === "ArrowDown") this.step(1);
    else if (event.key === "ArrowUp") this.step(-1);
    else if (event.key === "Tab") return this.popup.hidePopover();
    else if (event.key === "Enter" || (event.key === " " && this.filter.hidden)) {
      const option = this.options[this.active];
      if (option) this.choose(option);
    } else if (this.filter.hidden && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      // A short list has no filter: letters go to the next option that starts with them, as in a native select.
      const found = this.typed.find(event.key, event.timeStamp, this.options);
      if (found >= 0) this.activate(found);
    } else return;
    event.preventDefault();
  }
}

export function comboboxes(root: ParentNode): void {
  bind(root, "[data-combobox]", start);
}

function start(box: HTMLElement): void {
  if ("popover" in HTMLElement.prototype) new Combobox(box);
}
