// The page of a visit, typed with or without a network: each keystroke is kept on the device, then sent by itself.
// Without this script the page is an ordinary form (templates/visits/visit_form.html).

import { Alert } from "./alert.js";
import { Draft } from "./draft.js";
import { Files } from "./files.js";
import { Page } from "./page.js";
import { Panel } from "./panel.js";
import { parachute } from "./parachute.js";
import { ratioOf } from "./ratio.js";
import { missing } from "./rules.js";
import { Sender, lockOf, post, session } from "./sender.js";
import { keepPage, serve } from "./shelf.js";
import { signInAgain } from "./signin.js";
import { leave, unlock, user, waiting } from "./vault.js";

const TODAY = 12 * 3600e3; // a draft touched within it is the one that an unsent page goes on with
const form = document.querySelector("form[data-visite]");
const stale = document.documentElement.hasAttribute("data-hors-ligne"); // drawn from the device, not by the server

class Typing {
  constructor() {
    this.page = new Page(form);
    this.panel = new Panel();
    this.sender = new Sender();
    this.rules = JSON.parse(form.dataset.regles);
    this.table = JSON.parse(form.dataset.encadrement || "null");
    this.key = form.dataset.visite; // of a visit the server knows; "" for one just begun
    this.house = form.dataset.etablissement;
    this.draft = null;
  }

  async start() {
    this.page.open(!this.key);
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("change", (event) => this.typed(event.target));
    this.sender.onstate = (state, detail) => this.told(state, detail);
    await this.whose();
    this.alert = new Alert(this);
    this.alert.start();
    const held = await this.hold(this.key ? lockOf(this.key) : `ronde-maison-${this.house}`);
    if (!held) return;
    await this.find();
    form.removeAttribute("data-guard"); // nothing is lost by leaving any more
    form.addEventListener("submit", (event) => this.leave(event));
    form.dataset.pret = "1";
    this.restore();
    this.files = new Files(this);
    await this.files.start();
    parachute(this.panel, () => this.count().then(() => this.sender.soon(0)));
    signInAgain(this.panel, () => this.sender.soon(0));
    this.count();
    setInterval(() => this.count(), 20e3);
    this.sender.soon(0);
    this.check();
    navigator.storage?.persist?.();
    serve();
    if (!stale) setTimeout(() => keepPage(location.pathname + location.search).catch(() => {}), 1500);
  }

  // The person, from the server when it answers, from the device when it does not; always the one the page is for.
  async whose() {
    for (;;) {
      if (stale) await unlock();
      else await session(true).catch(() => unlock());
      const other = user() && user() !== form.dataset.personne;
      this.panel.say("other-user", other);
      this.panel.say("unprotected", !user()); // without her key nothing is sealed: tried again until the server answers
      if (user() && !other) return;
      leave();
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
  }

  // One page at a time writes a visit; another one is read only, and takes over when the first is closed.
  hold(name) {
    return new Promise((resolve) => {
      const forever = () => new Promise(() => {});
      navigator.locks.request(name, { ifAvailable: true }, (lock) => {
        resolve(Boolean(lock));
        if (lock) return forever();
        this.page.freeze();
        this.panel.say("second");
        navigator.locks.request(name, () => location.reload());
      });
    });
  }

  async find() {
    if (this.key) {
      this.draft = (await Draft.load(this.key)) ?? new Draft(this.key);
    } else {
      const known = (await Draft.known()).filter((one) => !one.facts.alert && String(one.facts.house) === this.house);
      for (const one of known) {
        const draft = await Draft.load(one.id);
        const goesOn = draft.waiting && !draft.facts.visit;
        const today = stale && Date.now() - one.at < TODAY;
        if (!goesOn && !today) continue;
        this.draft = draft;
        this.panel.say("resumed");
        break;
      }
      this.draft ??= new Draft(crypto.randomUUID());
      await this.hold(lockOf(this.draft.id));
    }
    const facts = { house: this.house, name: form.dataset.nom, grid: form.elements.grid?.value ?? "", url: location.pathname + location.search };
    this.draft.facts = { ...facts, ...this.draft.facts, ...(form.dataset.numero ? { visit: Number(form.dataset.numero) } : {}) };
    this.draft.onstate = (state) => this.stored(state);
    this.sender.own = this.draft;
    form.dataset.brouillon = this.draft.id;
  }

  // What this device holds that the page does not say goes back into its fields.
  restore() {
    const settled = [];
    for (const [name, field] of [...this.draft.fields]) {
      const key = /^x-([0-9a-f-]{36})-/.exec(name)?.[1];
      if (key) this.page.adopt(key, field.item);
      const drawn = this.page.base.get(name);
      if (!field.at && !stale) settled.push(name);
      else if (!field.sent && drawn === field.value && !stale) settled.push(name);
      else this.page.show(name, field.value);
    }
    if (settled.length) this.draft.forget(settled);
    const early = this.page.early;
    this.page.early = new Map();
    for (const [name, value] of early) if (!this.draft.fields.has(name)) this.keep(name, value);
  }

  typed(element) {
    const told = this.page.told(element);
    if (!told) return;
    if (this.draft && form.dataset.pret) this.keep(told.name, this.page.value(told.name));
    else this.page.early.set(told.name, this.page.value(told.name));
  }

  keep(name, value) {
    this.begin();
    this.draft.type(name, value, this.page.base.get(name) ?? "", this.item(name));
    for (const other of value.trim() ? this.page.beside(name) : []) {
      if (!this.draft.fields.has(other)) this.draft.type(other, this.page.value(other), "", this.item(other));
    }
    clearTimeout(this.checking);
    this.checking = setTimeout(() => this.check(), 700);
  }

  // A visit begins on the day that its page says, whenever it arrives.
  begin() {
    this.panel.typed = true;
    if (this.draft.facts.begun || form.dataset.commencee === "1") return;
    this.draft.facts.begun = true;
    this.draft.type("visited_on", this.page.value("visited_on"), "");
  }

  item(name) {
    return this.page.items.has(name) ? { item: this.page.items.get(name) } : {};
  }

  check() {
    const day = new Date().toLocaleDateString("sv-SE");
    const answers = this.page.answers(day);
    this.panel.gaps([...missing(this.rules, answers, "shape"), ...missing(this.rules, answers)]);
    if (this.panel.typed) this.ratio(ratioOf(this.table, answers));
  }

  // The one that was drawn with the page is of the last saving: it leaves when the numbers move.
  ratio(told) {
    this.panel.say("ratio", Boolean(told), told);
    const drawn = form.querySelector("[data-encadrement-enregistre]");
    if (told && drawn) drawn.hidden = true;
  }

  stored(state) {
    this.panel.local = state === "acknowledged" ? (this.draft.unstored.size ? "storing" : "stored") : state;
    if (state === "failed") this.panel.say("unprotected");
    if (state === "stored") {
      this.panel.say("unprotected", false);
      this.sender.soon();
    }
    this.panel.count = this.draft.waiting;
    this.panel.oldest = Math.min(...[...this.draft.fields.values()].map((field) => field.at || Infinity));
    if (!Number.isFinite(this.panel.oldest)) this.panel.oldest = 0;
    this.panel.draw();
  }

  async count() {
    const { count, since } = await waiting();
    this.panel.waits(count, since);
  }

  async told(state, detail) {
    if (state === "alert-sent") return this.alert.told(detail);
    if (state === "answer") return this.answered(detail);
    if (state === "file-refused" || state === "file-sent") return this.files?.told(state, detail);
    this.panel.say("offline", state === "waiting");
    this.panel.say("signed-out", state === "signed-out");
    this.panel.say("other-user", state === "other-user");
    this.panel.say("refused", state === "refused", detail?.message);
    return this.count();
  }

  // The server has written: the page becomes the page of that visit.
  async answered(said) {
    this.panel.kept(said.kept, this.page, (one, choice) => this.settle(one, choice));
    if (said.ratio) this.ratio(said.ratio);
    if (this.key || !said.edit) return;
    this.key = this.draft.id;
    await keepPage(said.edit).catch(() => {});
    history.replaceState(null, "", said.edit);
  }

  async settle(one, choice) {
    await this.draft.store();
    await this.sender.now();
    const body = new FormData();
    body.set("choix", choice);
    const said = await post(`/visites/textes/${one.id}/departager/`, body);
    await this.draft.forget([one.name]);
    this.page.base.set(one.name, said.value);
    this.page.show(one.name, said.value);
    this.answered(said);
    this.check();
  }

  // The buttons: once everything has arrived, the page asked for; otherwise the visit stays here, and says so.
  async leave(event) {
    event.preventDefault();
    const wanted = event.submitter?.name === "relire" ? "detail" : "edit";
    this.begin();
    await this.draft.store();
    await this.sender.busy;
    const sent = await this.sender.now();
    if (sent && !this.draft.waiting && this.draft.facts[wanted]) location.assign(this.draft.facts[wanted]);
    else if (sent && form.dataset.numero) location.assign(form.dataset[wanted]);
    else this.panel.say("stays");
  }
}

async function begin() {
  if (!form || !window.indexedDB || !window.crypto?.subtle || !navigator.locks) return;
  const typing = new Typing();
  try {
    await typing.start();
  } catch (error) {
    // Nothing can be kept here: the page stays the ordinary form that it is.
    typing.panel.say("unprotected");
    console.warn(error);
  }
}

begin();
