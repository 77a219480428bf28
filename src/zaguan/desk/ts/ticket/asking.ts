// A status asks for what is missing before words are sent with it: they stay in the composer meanwhile.
import htmx from "htmx.org";
import type { Composer } from "./composer";

let waiting: (() => void) | null = null;

/** Open the dialog of what is missing; once it is filled in, `send` what was to be sent. */
export function askFirst(composer: Composer, why: string, address: string, label: string, send: () => void): void {
  const open = (): void => void htmx.ajax("get", address, { target: "#action-dialog" });
  if (waiting) document.removeEventListener("ticket:filled", waiting);
  waiting = () => {
    waiting = null;
    composer.notice("");
    send();
  };
  document.addEventListener("ticket:filled", waiting, { once: true });
  composer.notice(why, "warn", [composer.button(label, open)]);
  open();
}
