// The stream itself: connects, notices a cut, comes back, and says so. Runs in the shared worker, or in a tab without one.

/** What the stream tells: a hint from the server, or how the connection is. */
export type FromStream =
  | { kind: "hint"; hint: Hint }
  | { kind: "online"; again: boolean }
  | { kind: "offline"; signedOut: boolean };

export interface Hint {
  changed?: string;
  gone?: string;
  reload?: boolean;
  id?: number;
}

const ADDRESS = "/desk/live/";
const LONGEST_PAUSE = 30_000;

/** Open the stream and keep it open; `wake` tries again at once. */
export function openStream(tell: (message: FromStream) => void): { wake: () => void } {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = 1000;
  // A new source has lost its place, so something may have been missed; the browser's own return has not.
  let again = false;
  let isOnline = false;

  function connect(): void {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(ADDRESS);
    source.onopen = () => {
      tell({ kind: "online", again });
      again = false;
      isOnline = true;
      pause = 1000;
    };
    source.onmessage = (event: MessageEvent<string>) => tell({ kind: "hint", hint: JSON.parse(event.data) as Hint });
    source.onerror = () => {
      isOnline = false;
      // CONNECTING: the browser tries again by itself and asks for what it missed. CLOSED: the server said no.
      if (source?.readyState !== EventSource.CLOSED) return tell({ kind: "offline", signedOut: false });
      void ask();
    };
  }

  /** Why no? Signed out, or only a proxy whose server starts again. */
  async function ask(): Promise<void> {
    const status = await fetch(ADDRESS, { method: "HEAD" }).then(
      (answer) => answer.status,
      () => 0,
    );
    tell({ kind: "offline", signedOut: status === 401 || status === 403 });
    again = true;
    timer = setTimeout(connect, pause);
    pause = Math.min(LONGEST_PAUSE, pause * 2);
  }

  connect();
  return { wake: () => void (isOnline || source?.readyState !== EventSource.CLOSED || connect()) };
}
