// What is typed is kept on the server, answer and note apart; nothing is lost by closing the window.
import type { Kind } from "./area";
import type { Composer } from "./composer";
import { post } from "./page";
import { typedTime } from "./timing";

const kept = new WeakMap<Composer, Map<Kind, string>>();
const underway = new WeakMap<Composer, Promise<void>>();

function values(composer: Composer, kind: Kind): URLSearchParams {
  const area = composer.areas.get(kind);
  if ("draftWhole" in composer.form.dataset) return whole(composer);
  const body = new URLSearchParams({ kind, html: area?.html ?? "" });
  for (const id of area?.fileIds ?? []) body.append("file", id);
  // The time goes with what is being written now, not with both.
  if (kind === composer.mode) for (const [name, value] of typedTime(composer.form)) body.append(name, value);
  if (kind === "note") return body;
  for (const name of ["how", "answers", "to", "cc", "bcc", "subject"]) {
    const field = composer.form.querySelector<HTMLInputElement>(`[name="${name}"]`);
    if (field) body.append(name, field.value);
  }
  return body;
}

/** A form that is kept as it is, with both texts. */
function whole(composer: Composer): URLSearchParams {
  for (const area of composer.areas.values()) area.settle();
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(composer.form)) {
    if (typeof value === "string" && !["key", "csrfmiddlewaretoken"].includes(name)) body.append(name, value);
  }
  return body;
}

function say(composer: Composer, text: string): void {
  composer.form.querySelector("[data-draft-state]")?.replaceChildren(text);
}

/** Remember what is there now as kept, without sending it. */
export function draftsAreKept(composer: Composer): void {
  const known = new Map<Kind, string>();
  for (const kind of composer.areas.keys()) known.set(kind, values(composer, kind).toString());
  kept.set(composer, known);
}

/** Save each text that changed. */
export function keepDrafts(composer: Composer, leaving = false): Promise<void> {
  const saves = Promise.all([underway.get(composer), save(composer, leaving)]).then(() => undefined);
  underway.set(composer, saves);
  return saves;
}

/** When no save is underway any more: one that arrived after the sending would bring back as a draft what is sent. */
export const draftsSettled = (composer: Composer): Promise<void> => underway.get(composer) ?? Promise.resolve();

async function save(composer: Composer, leaving: boolean): Promise<void> {
  if (!composer.form.isConnected || composer.sending.isBusy) return;
  const known = kept.get(composer) ?? new Map<Kind, string>();
  kept.set(composer, known);
  const isWhole = "draftWhole" in composer.form.dataset;
  for (const kind of isWhole ? [composer.mode] : [...composer.areas.keys()]) {
    const body = values(composer, kind);
    const area = composer.areas.get(kind);
    if (known.get(kind) === body.toString()) continue;
    if (!isWhole && !known.has(kind) && area?.isEmpty && !area.fileIds.length) continue;
    if (composer.sending.isBusy) return;
    try {
      const answer = await post(composer.form.dataset.draftUrl ?? "", body, leaving);
      if (!answer.ok) throw new Error();
      known.set(kind, body.toString());
      say(composer, area?.isEmpty && !isWhole ? "" : (composer.form.dataset.saved ?? ""));
    } catch {
      say(composer, composer.form.dataset.unsaved ?? "");
    }
  }
}
