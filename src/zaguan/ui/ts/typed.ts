// Letters typed into a list one after the other, as in a native select.
import { plain } from "./option";

const PAUSE_MS = 700;

export class Typed {
  private letters = "";
  private at = 0;

  /** Where the option stands that starts with the letters so far, this one at its moment (ms) included; -1 for none. */
  find(letter: string, at: number, options: readonly { textContent: string | null }[]): number {
    this.letters = plain(at - this.at > PAUSE_MS ? letter : this.letters + letter);
    this.at = at;
    return options.findIndex((option) => plain((option.textContent ?? "").trim()).startsWith(this.letters));
  }
}
