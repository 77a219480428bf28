// A list at the cursor: colleagues after "@" in a note, canned messages after "/".
import type { SuggestionOptions, SuggestionProps } from "@tiptap/suggestion";
import { optionElement, type Choice } from "../../../ui/ts/option";

export interface Colleague extends Choice {
  value: string;
  label: string;
}

type Attributes = { id: string | null; label?: string | null };
type Props<S> = SuggestionProps<Choice, S>;
type Pick<S> = (props: Props<S>, choice: Choice) => void;
type Render<S> = NonNullable<SuggestionOptions<Choice, S>["render"]>;

class Popup<S> {
  readonly element = document.createElement("div");
  private active = 0;

  constructor(
    private props: Props<S>,
    private readonly pick: Pick<S>,
  ) {
    this.element.className = "combobox__popup";
    this.element.id = "choices-at-cursor";
    this.element.setAttribute("popover", "manual");
    this.element.setAttribute("role", "listbox");
    document.body.append(this.element);
    this.element.addEventListener("pointerdown", (event) => {
      const option = event.target instanceof Element ? event.target.closest<HTMLElement>(".option") : null;
      if (!option) return;
      event.preventDefault();
      this.choose([...this.element.children].indexOf(option));
    });
    this.update(props);
  }

  update(props: Props<S>): void {
    this.props = props;
    this.active = 0;
    this.element.replaceChildren(...props.items.map((each, index) => optionElement(each, `choice-at-cursor-${index}`, false)));
    if (!props.items.length) return this.hide();
    if (!this.element.matches(":popover-open")) this.element.showPopover();
    const at = props.clientRect?.();
    if (at) Object.assign(this.element.style, { left: `${at.left}px`, top: `${Math.max(8, at.top - this.element.offsetHeight - 6)}px` });
    this.mark();
  }

  key(event: KeyboardEvent): boolean {
    const count = this.props.items.length;
    if (!count || !this.element.matches(":popover-open")) return false;
    if (event.key === "Escape") {
      // Only the list closes; the cursor stays in the text.
      event.stopPropagation();
      return this.hide(), true;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : -1) + count) % count;
      return this.mark(), true;
    }
    if (event.key === "Enter" || event.key === "Tab") return this.choose(this.active), true;
    return false;
  }

  remove(): void {
    this.hide();
    this.element.remove();
  }

  private get field(): HTMLElement {
    return this.props.editor.view.dom;
  }

  private hide(): void {
    for (const name of ["aria-activedescendant", "aria-controls"]) this.field.removeAttribute(name);
    if (this.element.matches(":popover-open")) this.element.hidePopover();
  }

  /** The one that Enter takes, said to those who do not see it too. */
  private mark(): void {
    [...this.element.children].forEach((option, index) => {
      option.toggleAttribute("data-active", index === this.active);
      option.setAttribute("aria-selected", String(index === this.active));
    });
    this.element.children[this.active]?.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-controls", this.element.id);
    this.field.setAttribute("aria-activedescendant", `choice-at-cursor-${this.active}`);
  }

  private choose(index: number): void {
    const chosen = this.props.items[index];
    if (chosen) this.pick(this.props, chosen);
  }
}

/** How a list at the cursor is drawn; `pick` says what choosing one means. */
export function listAtCursor<S>(pick: Pick<S>): Render<S> {
  return () => {
    let popup: Popup<S> | null = null;
    return {
      onStart: (props) => (popup = new Popup(props, pick)),
      onUpdate: (props) => popup?.update(props),
      onKeyDown: ({ event }) => popup?.key(event) ?? false,
      onExit: () => (popup?.remove(), (popup = null)),
    };
  };
}

/** The list behind "@". */
export function mentionMenu(colleagues: (text: string) => Promise<Colleague[]>): Omit<SuggestionOptions<Choice, Attributes>, "editor"> {
  return {
    char: "@",
    items: ({ query }) => colleagues(query),
    render: listAtCursor((props, choice) => props.command({ id: choice.value, label: choice.label })),
  };
}
