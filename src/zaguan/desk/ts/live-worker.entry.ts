// One live stream per browser: this worker holds it and tells every tab. See live.ts for the other side.
import { type FromStream, openStream } from "./stream";

const scope = self as unknown as { onconnect: (event: MessageEvent) => void };

/** A tab that was just opened is told again what happened while its page was on the way. */
const REPEATED_MS = 10_000;

const ports = new Set<MessagePort>();
let recent: { at: number; message: FromStream }[] = [];
let state: FromStream | null = null;

function tell(message: FromStream): void {
  if (message.kind === "hint") {
    const now = Date.now();
    recent = [...recent.filter((each) => now - each.at < REPEATED_MS), { at: now, message }];
  } else {
    state = message;
  }
  for (const port of ports) port.postMessage(message);
}

const stream = openStream(tell);

scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  ports.add(port);
  port.onmessage = ({ data }: MessageEvent<string>) => {
    if (data === "bye") ports.delete(port);
    if (data === "hello") stream.wake();
  };
  if (state) port.postMessage(state);
  const since = Date.now() - REPEATED_MS;
  for (const { at, message } of recent) if (at > since) port.postMessage(message);
};
