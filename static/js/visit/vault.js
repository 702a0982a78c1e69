// What is kept on this device: one IndexedDB, each text sealed with the key of the person (ADR 0030).
// A promise of `write` is kept only once the transaction is complete and on the disk.

const NAME = "ronde";
const STORES = { keys: "id", drafts: "id", fields: ["draft", "name"], files: "id", pages: "url" };
const HOLDER = "now";
export const FLAG = "ronde-garde"; // tells app.js, without opening anything, that there is something to look after
export const PAGE_HOURS = 48;

let opening = null;

export function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) {
        if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store, { keyPath });
      }
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
    request.onsuccess = () => {
      const db = request.result;
      // A newer application may change the base: never stand in its way. What is written next opens it again.
      db.onversionchange = () => {
        db.close();
        opening = null;
      };
      db.onclose = () => (opening = null);
      resolve(db);
    };
  }).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

const done = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("abort"));
    transaction.onerror = () => reject(transaction.error);
  });

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// `puts` are [store, record], `deletes` are [store, key]; all of them or none, on the disk when it resolves.
export async function write(puts, deletes = []) {
  const stores = [...new Set([...puts, ...deletes].map(([store]) => store))];
  if (!stores.length) return;
  const db = await open();
  const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
  const finished = done(transaction);
  for (const [store, key] of deletes) transaction.objectStore(store).delete(key);
  for (const [store, record] of puts) transaction.objectStore(store).put(record);
  await finished;
  try {
    localStorage.setItem(FLAG, "1");
  } catch {
    // a browser that refuses it only loses the reminder on other pages
  }
}

export async function all(store, range = null) {
  const db = await open();
  return answered(db.transaction(store).objectStore(store).getAll(range));
}

export async function get(store, key) {
  const db = await open();
  return answered(db.transaction(store).objectStore(store).get(key));
}

export const ofDraft = (draft) => IDBKeyRange.bound([draft], [draft, []]);

// --- The key of the person. It cannot be read back from the browser, only used.

let holder = null; // {user, keys: [CryptoKey]}
export const user = () => holder?.user ?? null;

const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

async function imported(text) {
  return crypto.subtle.importKey("raw", bytes(text), "AES-GCM", false, ["encrypt", "decrypt"]);
}

// With what the server says of the person who is signed in, or with what the device still holds of her.
export async function unlock(session = null) {
  if (session) {
    const keys = await Promise.all(session.keys.map(imported));
    const before = await get("keys", HOLDER);
    holder = { user: session.user, keys };
    if (before && before.user !== session.user) await wipePages();
    await write([["keys", { id: HOLDER, ...holder }]]);
  } else if (!holder) {
    const record = await get("keys", HOLDER);
    if (record) holder = { user: record.user, keys: record.keys };
  }
  return user();
}

// This page is not hers: nothing of it is sealed with a key found here.
export function leave() {
  holder = null;
}

// The key and the pages go; what is not sent stays, sealed, until the same person signs in again.
export async function lock() {
  holder = null;
  await write([], [["keys", HOLDER]]);
  await wipePages();
}

export async function wipePages(before = Infinity) {
  const old = (await all("pages")).filter((page) => page.at < before);
  if (old.length) await write([], old.map((page) => ["pages", page.url]));
  return old.length;
}

export const wipeOldPages = () => wipePages(Date.now() - PAGE_HOURS * 3600e3);

const label = (store, record) => new TextEncoder().encode([record.user, store, record.id ?? record.url ?? `${record.draft}/${record.name}`].join("|"));

// {...record, iv, box}: the record with `content` sealed in it. A Uint8Array is sealed as it is.
export async function sealed(store, record, content) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const clear = content instanceof Uint8Array ? content : new TextEncoder().encode(JSON.stringify(content));
  const full = { ...record, user: holder.user };
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: label(store, full) }, holder.keys[0], clear);
  return { ...full, iv, box };
}

// The content of a record, null when it is not hers to read.
export async function unsealed(store, record, raw = false) {
  if (!holder || record.user !== holder.user) return null;
  for (const key of holder.keys) {
    try {
      const options = { name: "AES-GCM", iv: record.iv, additionalData: label(store, record) };
      const clear = await crypto.subtle.decrypt(options, key, record.box);
      return raw ? new Uint8Array(clear) : JSON.parse(new TextDecoder().decode(clear));
    } catch {
      // sealed with another of her keys
    }
  }
  return null;
}

// How many things wait, and since when the oldest does.
export async function waiting(owner = user()) {
  const kept = [...(await all("fields")), ...(await all("files"))].filter((one) => one.at && (!owner || one.user === owner));
  return { count: kept.length, since: kept.length ? Math.min(...kept.map((one) => one.at)) : 0 };
}
