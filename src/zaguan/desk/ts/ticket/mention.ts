// "@" in a note: colleagues who can read the ticket.
import type { SuggestionOptions, SuggestionProps } from "@tiptap/suggestion";
import { optionElement, type Choice } from "../../../ui/ts/option";

export interface Colleague extends Choice {
  value: string;
  label: string;
}

type Attributes = { id: string | null; label?: string | null };
type Props = SuggestionProps<Colleague, Attributes>;

class Popup {
  readonly element = document.createElement("div");
  private active = 0;

  constructor(private props: Props) {
    this.element.className = "combobox__popup";
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

  update(props: Props): void {
    this.props = props;
    this.active = 0;
    this.element.replaceChildren(...props.items.map((each, index) => optionElement(each, `mention-${index}`, false)));
    if (!props.items.length) return this.hide();
    if (!this.element.matches(":popover-open")) this.element.showPopover();
    const at = props.clientRect?.();
    if (at) Object.assign(this.element.style, { left: `${at.left}px`, top: `${Math.max(8, at.top - this.element.offsetHeight - 6)}px` });
    this.mark();
  }

  key(event: KeyboardEvent): boolean {
    const count = this.props.items.length;
    if (!count) return false;
    if (event.key === "Escape") return this.hide(), true;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : -1) + count) % count;
      return this.mark(), true;
    }
    if (event.key === "Enter" || event.key === "Tab") return this.choose(this.active), true;
    return false;
  }

  remove(): void {
    this.element.remove();
  }

  private hide(): void {
    if (this.element.matches(":popover-open")) this.element.hidePopover();
  }

  private mark(): void {
    [...this.element.children].forEach((option, index) => option.toggleAttribute("data-active", index === this.active));
  }

  private choose(index: number): void {
    const chosen = this.props.items[index];
    if (chosen) this.props.command({ id: chosen.value, label: chosen.label });
  }
}

/** The list behind "@". */
export function mentionMenu(colleagues: (text: string) => Promise<Colleague[]>): Omit<SuggestionOptions<Colleague, Attributes>, "editor"> {
  return {
    char: "@",
    items: ({ query }) => colleagues(query),
    render: () => {
      let popup: Popup | null = null;
      return {
        onStart: (props) => (popup = new Popup(props)),
        onUpdate: (props) => popup?.update(props),
        onKeyDown: ({ event }) => popup?.key(event) ?? false,
        onExit: () => (popup?.remove(), (popup = null)),
      };
    },
  };
}
