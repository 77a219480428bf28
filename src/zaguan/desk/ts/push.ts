// Push messages on this device, and the desk as an app: only asked for when somebody presses the button.
import { first } from "../../ui/ts/dom";
import { bytesOf, deviceName, digestOf } from "./push-texts";

const ARRIVES_WITHIN = 15_000;

interface Installing extends Event {
  prompt(): Promise<void>;
}

const pageOf = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-push-page]");
const csrf = (): string => document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

function say(text: string | undefined, wrong = false): void {
  const place = pageOf()?.querySelector<HTMLElement>("[data-push-said]");
  if (!place || !text) return;
  place.hidden = false;
  place.textContent = text;
  place.classList.toggle("late", wrong);
}

/** Why push cannot work here; "" when it can. */
function obstacle(texts: DOMStringMap): string {
  if (!isSecureContext) return texts.noHttps ?? "";
  if (!("serviceWorker" in navigator)) return texts.noWorker ?? "";
  if (!("PushManager" in window) || !("Notification" in window)) return texts.noPush ?? "";
  if (Notification.permission === "denied") return texts.denied ?? "";
  return "";
}

export async function register(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register("/desk/service-worker.js", { scope: "/desk/" });
  return navigator.serviceWorker.ready;
}

async function send(address: string, body: BodyInit, type?: string): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "X-CSRFToken": csrf() };
  if (type) headers["Content-Type"] = type;
  return fetch(address, { method: "POST", headers, body });
}

/** Subscribe this browser and tell the desk; says in words what stands in the way. */
async function add(page: HTMLElement): Promise<boolean> {
  const texts = page.dataset;
  const why = obstacle(texts);
  if (why) return say(why, true), false;
  if ((await Notification.requestPermission()) !== "granted") return say(texts.denied, true), false;
  let registration: ServiceWorkerRegistration;
  try {
    registration = await register();
  } catch {
    return say(texts.noWorker, true), false;
  }
  try {
    const old = await registration.pushManager.getSubscription();
    await old?.unsubscribe();
    const key = bytesOf(texts.key ?? "");
    const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    const body = JSON.stringify({ ...made.toJSON(), name: deviceName(navigator.userAgent) });
    const answer = await send(texts.add ?? "", body, "application/json");
    if (answer.ok) return true;
    say(((await answer.json()) as { title?: string }).title, true);
  } catch (error) {
    say(texts.failed?.replace("{why}", error instanceof Error ? error.message : String(error)), true);
  }
  return false;
}

/** The test: the desk's word first, then whether it really arrives here. */
async function test(form: HTMLFormElement, page: HTMLElement): Promise<void> {
  const texts = page.dataset;
  const here = form.closest("[data-device]")?.querySelector<HTMLElement>("[data-this-device]")?.hidden === false;
  const why = here ? obstacle(texts) : "";
  if (why) return say(why, true);
  const answer = await send(form.action, new URLSearchParams({ do: "test" }));
  const { ok, text } = (await answer.json()) as { ok?: boolean; text?: string };
  if (!ok) return say(text, true);
  say(here ? texts.sent : text);
  if (!here) return;
  const arrived = new Promise<boolean>((done) => {
    navigator.serviceWorker.addEventListener("message", (event) => (event.data as { pushed?: string }).pushed && done(true));
    setTimeout(() => done(false), ARRIVES_WITHIN);
  });
  say((await arrived) ? texts.arrived : texts.notArrived, !(await arrived));
}

/** Which of the listed devices this browser is; one that was made with another key is added again. */
async function recognise(page: HTMLElement): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration("/desk/");
  const subscription = await registration?.pushManager?.getSubscription();
  if (!subscription) return;
  const row = page.querySelector<HTMLElement>(`[data-device="${await digestOf(subscription.endpoint)}"]`);
  const mark = row?.querySelector<HTMLElement>("[data-this-device]");
  if (mark) mark.hidden = false;
  const button = page.querySelector<HTMLElement>("[data-push-add]");
  if (mark && button) button.hidden = true;
}

function startPage(page: HTMLElement): void {
  const button = page.querySelector<HTMLButtonElement>("[data-push-add]");
  if (button) button.hidden = false;
  button?.addEventListener("click", () => void add(page).then((done) => done && location.reload()).catch((error: unknown) => say(String(error), true)));
  for (const form of page.querySelectorAll<HTMLFormElement>("[data-device-form]")) {
    form.addEventListener("submit", (event) => {
      if ((event.submitter as HTMLButtonElement | null)?.value !== "test") return;
      event.preventDefault();
      void test(form, page).catch((error: unknown) => say(String(error), true));
    });
  }
  if ("serviceWorker" in navigator) void recognise(page).catch(() => undefined);
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    const install = page.querySelector<HTMLElement>("[data-install]");
    if (!install) return;
    install.hidden = false;
    install.addEventListener("click", () => void (event as Installing).prompt());
  });
}

export function push(): void {
  if (!first("push")) return;
  const page = pageOf();
  if (page) startPage(page);
  // Elsewhere only where somebody has installed the desk or wants to be told: other browsers need nothing beside the pages.
  const wanted = matchMedia("(display-mode: standalone)").matches || ("Notification" in window && Notification.permission === "granted");
  if ((wanted || page) && isSecureContext && "serviceWorker" in navigator) void register().catch(() => undefined);
  addEventListener("appinstalled", () => void register().catch(() => undefined));
}
