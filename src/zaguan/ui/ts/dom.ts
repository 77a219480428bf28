// What every behaviour starts with: each element is bound once, however often a part of the page comes again.

const bound = new WeakMap<object, WeakSet<Element>>();

/** Call `start` for each element below `root` that it has not been called for. */
export function bind<E extends HTMLElement>(root: ParentNode, selector: string, start: (element: E) => void): void {
  let done = bound.get(start);
  if (!done) bound.set(start, (done = new WeakSet()));
  const found = [...root.querySelectorAll<E>(selector)];
  if (root instanceof HTMLElement && root.matches(selector)) found.unshift(root as unknown as E);
  for (const element of found) {
    if (done.has(element)) continue;
    done.add(element);
    start(element);
  }
}

const started = new Set<string>();

/** True the first time only: for listeners on the document. */
export function first(name: string): boolean {
  if (started.has(name)) return false;
  started.add(name);
  return true;
}

/** The nearest element that carries `attribute`, from where an event came. */
export function from(event: Event, selector: string): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
}

export const language = (): string => document.documentElement.lang || navigator.language;

export const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** What the browser remembers for this agent; a full or forbidden storage is no reason to fail. */
export const memory = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(`zaguan.${key}`);
    } catch {
      return null;
    }
  },
  set(key: string, value: string): void {
    try {
      localStorage.setItem(`zaguan.${key}`, value);
    } catch {
      // Remembering is a comfort, not a duty.
    }
  },
};
