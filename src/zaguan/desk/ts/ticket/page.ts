// The ticket that is open, and how this part of the script talks to the server.

/** The conversation pane of the open ticket. */
export const openTicket = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-ticket-page]");

export const csrf = (): string => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

export function post(address: string, body: FormData | URLSearchParams, keepalive = false, signal?: AbortSignal): Promise<Response> {
  const headers = { "X-CSRFToken": csrf(), "HX-Request": "true", Accept: "application/json" };
  return fetch(address, { method: "POST", headers, body, keepalive, ...(signal ? { signal } : {}) });
}

/** A part of a page, as elements. */
export async function part(address: string): Promise<DocumentFragment | null> {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return null;
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  return template.content;
}

/** Say something to those who do not see the page. */
export function speak(text: string): void {
  document.getElementById("live")?.replaceChildren(text);
}

export function later(call: () => void, wait: number): () => void {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(call, wait);
  };
}
