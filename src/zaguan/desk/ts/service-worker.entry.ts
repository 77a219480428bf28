// Beside the pages, also when none is open: shows what is pushed, opens what it is about, and stands in when there is no network.
// One file without imports: browsers take it as a plain script.
interface Told {
  kept: string[];
  offline: string;
  icon: string;
  badge: string;
  desk: string;
}

interface Message {
  title: string;
  body: string;
  url: string;
  tag: string;
}

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Tab {
  url: string;
  focus(): Promise<Tab>;
  navigate(address: string): Promise<Tab | null>;
  postMessage(data: unknown): void;
}

interface Scope {
  zaguan: Told;
  registration: {
    showNotification(title: string, options: Record<string, unknown>): Promise<void>;
    navigationPreload?: { enable(): Promise<void> };
  };
  clients: {
    claim(): Promise<void>;
    matchAll(options: Record<string, unknown>): Promise<Tab[]>;
    openWindow(address: string): Promise<Tab | null>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(name: string, hear: (event: never) => void): void;
}

const worker = self as unknown as Scope;
const CACHE = "zaguan-offline";

async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all((await cache.keys()).map((each) => cache.delete(each)));
  await cache.addAll(worker.zaguan.kept);
}

/** A page from the network, or the one that says kindly that there is none. */
async function page(event: { request: Request; preloadResponse?: Promise<Response | undefined> }): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(worker.zaguan.offline)) ?? Response.error();
  }
}

async function show(message: Message): Promise<void> {
  const tabs = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const tab of tabs) tab.postMessage({ pushed: message.tag });
  const { icon, badge } = worker.zaguan;
  await worker.registration.showNotification(message.title, {
    body: message.body, tag: message.tag, renotify: true, data: { url: message.url }, icon, badge,
  });
}

/** The open page of that ticket, else any page of the desk, else a new one. */
async function open(address: string): Promise<void> {
  const tabs = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const desk = tabs.find((tab) => new URL(tab.url).pathname.startsWith(worker.zaguan.desk));
  if (!desk) return void (await worker.clients.openWindow(address));
  await desk.focus().catch(() => desk);
  await desk.navigate(address).catch(() => worker.clients.openWindow(address));
}

function read(data: { json(): unknown } | null): Message {
  try {
    return { title: "Zaguán", body: "", url: worker.zaguan.desk, tag: "zaguan", ...(data?.json() as Partial<Message>) };
  } catch {
    return { title: "Zaguán", body: "", url: worker.zaguan.desk, tag: "zaguan" };
  }
}

worker.addEventListener("install", (event: Extendable) => {
  event.waitUntil(keep().then(() => worker.skipWaiting()));
});
worker.addEventListener("activate", (event: Extendable) => {
  event.waitUntil(Promise.all([worker.clients.claim(), worker.registration.navigationPreload?.enable()]));
});
worker.addEventListener("fetch", (event: Event & { request: Request; respondWith(answer: Promise<Response>): void }) => {
  const address = new URL(event.request.url);
  if (event.request.mode === "navigate") event.respondWith(page(event));
  // What the page for bad times is made of.
  else if (worker.zaguan.kept.includes(address.pathname)) {
    event.respondWith(fetch(event.request).catch(async () => (await caches.match(event.request)) ?? Response.error()));
  }
});
worker.addEventListener("push", (event: Extendable & { data: { json(): unknown } | null }) => {
  event.waitUntil(show(read(event.data)));
});
worker.addEventListener("notificationclick", (event: Extendable & { notification: { close(): void; data?: { url?: string } } }) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url ?? worker.zaguan.desk));
});
