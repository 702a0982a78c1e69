// The service worker: what the pages are made of, and the pages kept for the road. It answers to GET and to nothing
// else: what is typed never goes through it. VERSION and SHELL are written above by the server (visits/offline/worker.py).

const PREFIX = "ronde-";
const KEPT_VERSIONS = 3; // a page kept before an update still finds the files it names
const PATIENCE = 6000; // a page that is kept is shown when the network dawdles
const BASE_PATIENCE = 2000;
const PAGE_AGE = 48 * 3600e3;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(PREFIX + VERSION)
      .then((cache) => cache.addAll(SHELL.map((url) => new Request(url, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(PREFIX)).slice(0, -KEPT_VERSIONS))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

// Files carry their fingerprint in their name: the one kept is the right one.
async function file(request) {
  const cache = await caches.open(PREFIX + VERSION);
  const kept = (await cache.match(request)) ?? null;
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    const older = await caches.match(request);
    if (older) return older;
    throw error;
  }
}

async function page(request, url) {
  const network = fetch(request);
  const kept = url.pathname.startsWith("/visites/") ? await record(url.pathname + url.search) : null;
  try {
    return await (kept ? Promise.race([network, late()]) : network);
  } catch {
    network.catch(() => {});
    const opened = kept && (await open(kept).catch(() => null));
    return opened ?? (await caches.match("/visites/hors-ligne/")) ?? Response.error();
  }
}

const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));

// A base that does not open keeps no page from being shown.
function base() {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("blocked")), BASE_PATIENCE);
    const request = indexedDB.open("ronde");
    request.onupgradeneeded = () => request.transaction.abort(); // nothing was ever kept here
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function read(store, key) {
  const db = await base();
  try {
    return await answered(db.transaction(store).objectStore(store).get(key));
  } finally {
    db.close();
  }
}

// The page kept under an address, less than 48 hours old.
async function record(address) {
  try {
    const found = await read("pages", address);
    return found && Date.now() - found.at < PAGE_AGE ? found : null;
  } catch {
    return null;
  }
}

async function open(kept) {
  const holder = await read("keys", "now");
  if (!holder || holder.user !== kept.user) return null;
  const additionalData = new TextEncoder().encode([kept.user, "pages", kept.url].join("|"));
  for (const key of holder.keys) {
    try {
      const clear = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv, additionalData }, key, kept.box);
      const { html, headers } = JSON.parse(new TextDecoder().decode(clear));
      return new Response(html.replace("<html ", `<html data-hors-ligne="${kept.at}" `), { headers });
    } catch {
      // sealed with another of her keys
    }
  }
  return null;
}
