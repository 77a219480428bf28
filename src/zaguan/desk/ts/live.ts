// What changed elsewhere arrives here as events on the document:
//   zaguan:changed  detail {changed: "ticket-12", what: "ticket", id: 12, gone: false}   (also presence, contact, organisation, agent by id;
//                   mentions, mine, settings, inboxes, failed-mail without: id 0)
//   zaguan:offline  the stream is cut; detail {signedOut}          zaguan:online   it is back
//   zaguan:resync   something may have been missed: fetch again what is shown
import { type FromStream, type Hint, openStream } from "./stream";

export interface Changed {
  /** As the server wrote it: "ticket-12". */
  changed: string;
  what: string;
  id: number;
  gone: boolean;
}

declare global {
  interface DocumentEventMap {
    "zaguan:changed": CustomEvent<Changed>;
    "zaguan:offline": CustomEvent<{ signedOut: boolean }>;
    "zaguan:online": CustomEvent<null>;
    "zaguan:resync": CustomEvent<null>;
  }
}

/** A short cut is nobody's business. */
const TELL_AFTER = 3000;

let offlineTimer: ReturnType<typeof setTimeout> | undefined;
let told = false;

function emit(name: string, detail: unknown = null): void {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** "ticket-12" → what and id. */
export function read(hint: Hint): Changed | null {
  const text = hint.gone ?? hint.changed;
  if (!text) return null;
  const match = /^(.*?)(?:-(\d+))?$/.exec(text);
  return { changed: text, what: match?.[1] ?? text, id: Number(match?.[2] ?? 0), gone: hint.gone !== undefined };
}

function hear(message: FromStream): void {
  if (message.kind === "hint") {
    if (message.hint.reload) return emit("zaguan:resync");
    const changed = read(message.hint);
    if (changed) emit("zaguan:changed", changed);
  } else if (message.kind === "online") {
    online(message.again);
  } else {
    offline(message.signedOut);
  }
}

function online(again: boolean): void {
  clearTimeout(offlineTimer);
  offlineTimer = undefined;
  document.documentElement.dataset.live = "on";
  if (told) emit("zaguan:online");
  if (told || again) emit("zaguan:resync");
  told = false;
}

function offline(signedOut: boolean): void {
  const tell = (): void => {
    told = true;
    document.documentElement.dataset.live = "off";
    emit("zaguan:offline", { signedOut });
  };
  if (signedOut) return tell();
  offlineTimer ??= setTimeout(tell, TELL_AFTER);
}

/** Listen; one stream for all tabs where the browser can share it. Call once. */
export function live(): void {
  const worker = document.querySelector<HTMLMetaElement>('meta[name="live-worker"]')?.content;
  if (typeof SharedWorker === "undefined" || !worker) {
    const { wake } = openStream(hear);
    document.addEventListener("visibilitychange", () => document.hidden || wake());
    return;
  }
  const { port } = new SharedWorker(worker, { type: "module", name: "zaguan-live" });
  port.onmessage = (event: MessageEvent<FromStream>) => hear(event.data);
  document.addEventListener("visibilitychange", () => document.hidden || port.postMessage("hello"));
  addEventListener("pagehide", () => port.postMessage("bye"));
  // Back from the browser's memory: the port still works, but what happened meanwhile was not heard.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
