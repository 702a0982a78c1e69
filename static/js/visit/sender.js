// The way to the server: each draft in its turn, again and again until it answers, never twice the same thing.

import { Draft } from "./draft.js";
import { all, unlock, unsealed, user, write } from "./vault.js";

const MOST = 40; // changes of one delivery
const PATIENCE = 60e3; // an answer that does not come is asked for again, under the same keys
const SHORTEST = 1e3;
const LONGEST = 20e3; // so that what waits leaves within thirty seconds of the return of the server
const STOPS = ["signed-out", "other-user"];
export const BASE = "/visites/hors-ligne/";

let token = null;
export const lockOf = (draft) => `ronde-visite-${draft}`;

export class Refused extends Error {}

async function ask(url, options = {}) {
  const control = new AbortController();
  const alarm = setTimeout(() => control.abort(), PATIENCE);
  try {
    const headers = { Accept: "application/json", ...(token ? { "X-CSRFToken": token } : {}) };
    return await fetch(url, { credentials: "same-origin", redirect: "manual", headers, signal: control.signal, ...options });
  } finally {
    clearTimeout(alarm);
  }
}

const isJson = (answer) => (answer.headers.get("content-type") ?? "").includes("json");
const signedOut = (answer) => answer.status === 401 || answer.type === "opaqueredirect";

// Who is signed in, with a fresh token. Throws « signed-out », « other-user » when what is typed here is somebody
// else's (not at the `opening` of a page, where nothing is), or anything else when the server does not answer.
export async function session(opening = false) {
  const answer = await ask(`${BASE}session/`);
  if (signedOut(answer) || answer.status === 403) throw new Error("signed-out");
  if (!answer.ok || !isJson(answer)) throw new Error(`session ${answer.status}`);
  const said = await answer.json();
  if (!opening && user() && user() !== said.user) throw new Error("other-user");
  token = said.csrf;
  await unlock(said);
  return said;
}

// One post: its JSON. Refused says why the server will not have it; any other error may be tried again.
export async function post(url, body, again = true) {
  const answer = await ask(url, { method: "POST", body });
  if (signedOut(answer)) throw new Error("signed-out");
  if (answer.ok && isJson(answer)) return answer.json();
  if (answer.status === 403 && !isJson(answer) && again) {
    await session(); // the token had been renewed: the same post, with the new one
    return post(url, body, false);
  }
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
    throw new Refused(isJson(answer) ? (await answer.json()).error : "Le serveur refuse cet envoi\u00a0: il reste sur l’appareil.");
  }
  throw new Error(`status ${answer.status}`);
}

export class Sender {
  constructor() {
    this.own = null; // the draft of this page, whose lock it holds
    this.delay = SHORTEST;
    this.timer = null;
    this.busy = null;
    this.paused = false;
    this.onstate = () => {};
    addEventListener("online", () => this.soon(0));
    document.addEventListener("visibilitychange", () => document.hidden || this.soon(0));
  }

  soon(wait = 600) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), wait);
  }

  // One round at a time; the promise says whether everything has left.
  now() {
    this.busy ??= this.round().finally(() => (this.busy = null));
    return this.busy;
  }

  async round() {
    clearTimeout(this.timer);
    if (this.paused) return false;
    try {
      if (!token) await session();
      let refusal = this.own && (await this._attempt(this.own));
      refusal = (await this._others()) ?? refusal;
      this.delay = refusal ? LONGEST : SHORTEST;
      this.onstate(refusal ? "refused" : "sent", refusal);
      if (refusal || this.own?.waiting) this.soon(this.delay);
      return !refusal && !this.own?.waiting;
    } catch (error) {
      if (STOPS.includes(error.message)) return this._stop(error.message);
      this.onstate("waiting", error);
      this.soon(this.delay);
      this.delay = Math.min(this.delay * 2, LONGEST) * (0.9 + Math.random() / 10);
      return false;
    }
  }

  // Signed out: nothing leaves until she is back; tried again now and then, in case she signed in elsewhere.
  _stop(state) {
    token = null;
    this.onstate(state);
    this.soon(LONGEST);
    return false;
  }

  // What the server will not take stays on the device and keeps nothing else from leaving: its refusal is returned.
  async _attempt(draft) {
    try {
      await this.deliver(draft);
      return null;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return error;
    }
  }

  // Drafts that no page of this browser holds.
  async _others() {
    let refusal = null;
    const waiting = new Set((await all("fields")).filter((one) => one.at && one.user === user()).map((one) => one.draft));
    for (const file of await all("files")) if (file.at && file.user === user()) waiting.add(file.draft);
    waiting.delete(this.own?.id);
    for (const id of waiting) {
      await navigator.locks.request(lockOf(id), { ifAvailable: true }, async (lock) => {
        const draft = lock && (await Draft.load(id));
        if (draft) refusal = (await this._attempt(draft)) ?? refusal;
      });
    }
    return refusal;
  }

  async deliver(draft) {
    if (draft.facts.alert) return this._alert(draft);
    await Promise.race([draft.storing, new Promise((resolve) => setTimeout(resolve, 2000))]);
    for (let changes = await draft.changes(MOST); changes.length; changes = await draft.changes(MOST)) {
      const body = new FormData();
      body.set("changes", JSON.stringify(changes));
      body.set("etablissement", draft.facts.house);
      if (draft.facts.grid) body.set("grid", draft.facts.grid);
      const said = await post(`${BASE}${draft.id}/`, body);
      await draft.acknowledge(said.results, { visit: said.visit, edit: said.edit, detail: said.detail });
      if (draft === this.own) this.onstate("answer", said);
    }
    await this._files(draft);
  }

  // An alert leaves whole, under the key of its draft: sent again, it is the same one.
  async _alert(draft) {
    const field = draft.fields.get("alert");
    if (!field?.at) return;
    const body = new FormData();
    for (const [name, value] of Object.entries(JSON.parse(field.value))) body.set(name, value);
    const said = await post(`${BASE}alerte/${draft.id}/`, body);
    await write([], [["fields", [draft.id, "alert"]], ["drafts", draft.id]]);
    this.onstate("alert-sent", said);
  }

  async _files(draft) {
    if (!draft.facts.visit) return;
    const mine = (await all("files")).filter((file) => file.draft === draft.id && file.at && file.user === user());
    for (const file of mine.sort((a, b) => a.at - b.at)) {
      const meta = await unsealed("files", { ...file, iv: file.meta.iv, box: file.meta.box });
      const content = await unsealed("files", file, true);
      if (!meta || !content || meta.refused) continue;
      const body = new FormData();
      body.set("client_uuid", file.id);
      body.set("legende", meta.caption ?? "");
      if (meta.item) body.set("point", meta.item);
      body.set("fichier", new File([content], meta.name, { type: meta.type }));
      try {
        await post(`${BASE}${draft.id}/piece/`, body);
        await write([], [["files", file.id]]);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.onstate("file-refused", { id: file.id, name: meta.name, why: error.message });
        continue; // it stays on the device; the others go
      }
      if (draft === this.own) this.onstate("file-sent", file.id);
    }
  }
}
