// Files that will go with a message: sent to the server one by one with their progress; what fails says why and stays.
import { csrf } from "./page";

export interface Stored {
  id: string;
  name: string;
  url: string;
  size: string;
  is_picture: boolean;
}

function part(className: string, text = ""): HTMLElement {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

function removeButton(label: string): HTMLButtonElement {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "token__remove", textContent: "×" });
  button.dataset.removeFile = "";
  button.setAttribute("aria-label", label);
  return button;
}

function send(address: string, file: File, onProgress: (share: number) => void): Promise<Stored> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener("error", () => reject(new Error("")));
    request.addEventListener("load", () => {
      const answer = JSON.parse(request.responseText || "{}") as Stored & { title?: string };
      if (request.status < 300) resolve(answer);
      else reject(new Error(answer.title ?? request.statusText));
    });
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

/** Upload one file and show it in `area`; the answer is null when it could not be kept. */
export async function upload(form: HTMLElement, area: HTMLElement, file: File): Promise<Stored | null> {
  const card = part("attachment attachment--draft");
  const note = part("attachment__size", "0 %");
  const bar = document.createElement("progress");
  Object.assign(bar, { className: "progress", max: 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  card.append(part("attachment__pic"), part("attachment__name", file.name), note, bar);
  card.append(removeButton((form.dataset.remove ?? "{}").replace("{}", file.name)));
  area.append(card);
  try {
    const limit = Number(form.dataset.max ?? 0);
    if (limit && file.size > limit) throw new Error(tooLarge(form, file, limit));
    const stored = await send(form.dataset.uploadUrl ?? "", file, (share) => {
      bar.value = share;
      note.textContent = `${Math.round(share * 100)} %`;
    });
    done(card, area, stored, note);
    return stored;
  } catch (error) {
    card.dataset.failed = "";
    card.setAttribute("role", "alert");
    note.textContent = (error as Error).message || (form.dataset.offline ?? "");
    return null;
  } finally {
    bar.remove();
  }
}

/** Show a file in `area` that the server already has. */
export function addStored(form: HTMLElement, area: HTMLElement, stored: Stored): void {
  const card = part("attachment attachment--draft");
  const note = part("attachment__size");
  card.append(part("attachment__pic"), part("attachment__name", stored.name), note);
  card.append(removeButton((form.dataset.remove ?? "{}").replace("{}", stored.name)));
  area.append(card);
  done(card, area, stored, note);
}

function tooLarge(form: HTMLElement, file: File, limit: number): string {
  const megabytes = String(Math.floor(limit / 1024 / 1024));
  return (form.dataset.tooLarge ?? "").replace("{name}", file.name).replace("{limit}", megabytes);
}

function done(card: HTMLElement, area: HTMLElement, stored: Stored, note: HTMLElement): void {
  note.textContent = stored.size;
  if (stored.is_picture) {
    const picture = document.createElement("img");
    Object.assign(picture, { src: stored.url, alt: "", width: 36, height: 36 });
    card.querySelector(".attachment__pic")?.append(picture);
  }
  const kept = document.createElement("input");
  Object.assign(kept, { type: "hidden", name: `${area.dataset.files}_file`, value: stored.id });
  card.append(kept);
}
