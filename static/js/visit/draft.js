// One visit being typed: what each field says, what the server last acknowledged, what is on its way.

import { all, get, ofDraft, sealed, unsealed, user, write } from "./vault.js";

const BIGGEST = 1_000_000; // characters of one delivery
export const clean = (text) => (text.toWellFormed ? text.toWellFormed() : text).replaceAll("\0", "");
const same = (one, other) => one.trim().replaceAll("\r\n", "\n") === other.trim().replaceAll("\r\n", "\n");
const differs = (field) => Boolean(field.sent) || !same(field.value, field.base);

export class Draft {
  constructor(id, facts = {}) {
    this.id = id;
    this.facts = facts; // {house, name, grid, edit, detail, begun}
    this.fields = new Map(); // name -> {value, base, sent, at, item}
    this.unstored = new Set();
    this.storing = null;
    this.turn = Promise.resolve();
    this.onstate = () => {};
  }

  static async load(id) {
    const record = await get("drafts", id);
    const facts = record && (await unsealed("drafts", record));
    if (!facts) return null;
    const draft = new Draft(id, facts);
    for (const kept of await all("fields", ofDraft(id))) {
      const content = await unsealed("fields", kept);
      if (content) draft.fields.set(kept.name, { ...content, at: kept.at });
    }
    return draft;
  }

  // The drafts of the person that this device knows, the last touched first.
  static async known() {
    const mine = (await all("drafts")).filter((record) => record.user === user());
    const found = [];
    for (const record of mine.sort((a, b) => b.at - a.at)) {
      const facts = await unsealed("drafts", record);
      if (facts) found.push({ id: record.id, at: record.at, facts });
    }
    return found;
  }

  get waiting() {
    return [...this.fields.values()].filter(differs).length;
  }

  type(name, value, base, more = {}) {
    const field = this.fields.get(name) ?? { base, sent: null, at: 0 };
    Object.assign(field, more, { value: clean(value) });
    field.at = differs(field) ? field.at || Date.now() : 0;
    this.fields.set(name, field);
    this.unstored.add(name);
    this.onstate("storing");
    this.store();
  }

  // Writes until nothing is left to write; typing meanwhile is written after. Resolves when all is on the disk.
  store() {
    this.storing ??= this._store().finally(() => (this.storing = null));
    return this.storing;
  }

  // One write after the other: what was sealed before a keystroke never lands after it.
  _inTurn(step) {
    const turn = this.turn.then(step);
    this.turn = turn.catch(() => {});
    return turn;
  }

  async _store() {
    while (this.unstored.size) {
      const names = [...this.unstored];
      this.unstored.clear();
      try {
        await this._inTurn(async () => write([await this._record(), ...(await this._records(names))]));
      } catch (error) {
        for (const name of names) this.unstored.add(name);
        this.onstate("failed", error);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
    this.onstate("stored");
  }

  async _record() {
    return ["drafts", await sealed("drafts", { id: this.id, at: Date.now() }, this.facts)];
  }

  _records(names) {
    return Promise.all(
      names.map(async (name) => {
        const { at, ...content } = this.fields.get(name);
        return ["fields", await sealed("fields", { draft: this.id, name, at }, content)];
      }),
    );
  }

  // What to send now, each change with a key that it keeps until it is acknowledged, written before it leaves.
  async changes(most) {
    const names = [];
    let size = 0;
    for (const [name, field] of this.fields) {
      size += differs(field) ? field.value.length + field.base.length : 0;
      if (differs(field) && names.length < most && (size < BIGGEST || !names.length)) names.push(name);
    }
    const unmarked = names.filter((name) => !this.fields.get(name).sent);
    for (const name of unmarked) {
      const field = this.fields.get(name);
      field.sent = { key: crypto.randomUUID(), value: field.value, base: field.base };
    }
    // A device that no longer writes still sends: at worst the same text arrives twice, and changes nothing.
    if (unmarked.length) await this._inTurn(async () => write(await this._records(unmarked))).catch(() => {});
    return names.map((name) => {
      const { sent, item } = this.fields.get(name);
      return { ...sent, name, item };
    });
  }

  // The server has these: what was typed since stays to be sent, from there.
  async acknowledge(results, facts) {
    const names = [];
    for (const [name, field] of this.fields) {
      if (!field.sent || !(field.sent.key in results)) continue;
      field.base = field.sent.value;
      field.sent = null;
      field.at = differs(field) ? Date.now() : 0;
      names.push(name);
    }
    Object.assign(this.facts, facts);
    await this._inTurn(async () => write([await this._record(), ...(await this._records(names))]));
    this.onstate("acknowledged");
  }

  // Fields that the page the server just drew already says: no longer to be kept here.
  async forget(names) {
    for (const name of names) this.fields.delete(name);
    await this._inTurn(() => write([], names.map((name) => ["fields", [this.id, name]])));
  }
}
