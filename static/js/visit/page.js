// The fields of the page of a visit, under the names that do not depend on the page (visits/offline/names.py).

const SKIPPED = new Set(["csrfmiddlewaretoken", "etablissement", "grid", "version", "client_uuid"]);
const ROW = /^(n|r)-(.+)-(title|due_on|owner|level)$/;
const ROW_FIELDS = ["title", "due_on", "owner", "level"];
const LONGEST = 200_000;

export class Page {
  constructor(form) {
    this.form = form;
    this.early = new Map(); // typed before the script was there
    this.names = new Map(); // name for the server -> name in the page
    this.items = new Map();
    for (const text of form.querySelectorAll("textarea")) if (text.maxLength < 0) text.maxLength = LONGEST;
  }

  // Reads the page as the server drew it. `renewed`: rows of new actions get keys of their own (a page used again).
  open(renewed) {
    if (renewed) {
      for (const key of this.form.querySelectorAll("input[name^='n-'][name$='-client_uuid']")) key.value = crypto.randomUUID();
    }
    this.base = new Map();
    this._name();
    for (const [name, local] of this.names) {
      const [drawn, now] = [this._drawn(local), this._said(local)];
      this.base.set(name, drawn);
      if (drawn !== now) this.early.set(name, now);
    }
  }

  _name() {
    this.names.clear();
    for (const element of this.form.elements) {
      const told = this.told(element);
      if (!told) continue;
      this.names.set(told.name, element.name);
      if (told.item) this.items.set(told.name, told.item);
    }
  }

  told(element) {
    const name = element.name;
    if (!name || SKIPPED.has(name) || name.endsWith("-client_uuid") || element.type === "submit" || element.type === "file") return null;
    const row = ROW.exec(name);
    if (!row) return { name };
    const key = this.form.elements.namedItem(`${row[1]}-${row[2]}-client_uuid`).value;
    return { name: `x-${key}-${row[3]}`, item: row[1] === "n" && /^\d+$/.test(row[2]) ? Number(row[2]) : null, row: row[1] };
  }

  _elements(local) {
    const found = this.form.elements.namedItem(local);
    return found instanceof RadioNodeList ? [...found] : [found];
  }

  _said(local) {
    const elements = this._elements(local);
    if (elements[0].type === "radio") return elements.find((one) => one.checked)?.value ?? "";
    if (elements[0].type === "checkbox") return elements[0].checked ? "on" : "";
    return elements[0].value;
  }

  _drawn(local) {
    const elements = this._elements(local);
    const first = elements[0];
    if (first.type === "radio") return elements.find((one) => one.defaultChecked)?.value ?? "";
    if (first.type === "checkbox") return first.defaultChecked ? "on" : "";
    if (first instanceof HTMLSelectElement) {
      return ([...first.options].find((option) => option.defaultSelected) ?? first.options[0])?.value ?? "";
    }
    return first.defaultValue;
  }

  value(name) {
    return this.names.has(name) ? this._said(this.names.get(name)) : null;
  }

  show(name, value) {
    const local = this.names.get(name);
    if (!local) return false;
    for (const element of this._elements(local)) {
      if (element.type === "radio") element.checked = element.value === value;
      else if (element.type === "checkbox") element.checked = value === "on";
      else if (element.value !== value) element.value = value;
      if (value) this._unfold(element);
    }
    return true;
  }

  _unfold(element) {
    for (let parent = element.closest("details"); parent && this.form.contains(parent); parent = parent.parentElement.closest("details")) {
      if (element.type !== "radio" || element.checked) parent.open = true;
    }
  }

  // A new action typed in another opening of the page takes the free row of its item, with its key.
  adopt(key, item) {
    if (this.names.has(`x-${key}-title`)) return true;
    const wanted = item ? [`n-${item}`] : ["n-libre-1", "n-libre-2"];
    const free = wanted.find((prefix) => {
      const title = this.form.elements.namedItem(`${prefix}-title`);
      return title && !title.value && !title.dataset.taken;
    });
    if (!free) return false;
    this.form.elements.namedItem(`${free}-client_uuid`).value = key;
    this.form.elements.namedItem(`${free}-title`).dataset.taken = "1";
    this._name();
    for (const name of ROW_FIELDS) this.base.set(`x-${key}-${name}`, this._drawn(`${free}-${name}`));
    return true;
  }

  // The whole row of a new action goes with its first letter: its due day is proposed, not typed.
  beside(name) {
    const row = /^(x-[0-9a-f-]{36})-/.exec(name);
    return row ? ROW_FIELDS.map((field) => `${row[1]}-${field}`).filter((other) => other !== name && this.names.has(other)) : [];
  }

  element(name) {
    return this.names.has(name) ? this._elements(this.names.get(name))[0] : null;
  }

  freeze() {
    for (const element of this.form.elements) element.disabled = true;
  }

  // The visit as the rules read it (rules.js).
  answers(today) {
    const answers = { today, observations: [], actions: [], new_actions: [] };
    const rows = new Map();
    for (const [name, local] of this.names) {
      const value = this._said(local);
      const numbered = /^([oa])-(\d+)-([a-z_]+)$/.exec(name);
      const row = /^x-([0-9a-f-]{36})-([a-z_]+)$/.exec(name);
      if (numbered || row) {
        const [list, key, field] = row ? ["new_actions", row[1], row[2]] : [numbered[1] === "o" ? "observations" : "actions", numbered[2], numbered[3]];
        const id = `${list}/${key}`;
        if (!rows.has(id)) rows.set(id, { list, row: { key, title: this._title(local) } });
        rows.get(id).row[field] = value;
      } else {
        answers[name] = this._typed(local, value);
      }
    }
    for (const { list, row } of rows.values()) if (list !== "new_actions" || row.title) answers[list].push(row);
    return answers;
  }

  _typed(local, value) {
    const type = this._elements(local)[0].type;
    if (type === "checkbox") return value === "on";
    if (type === "number") return value === "" ? null : Number(value);
    return value;
  }

  _title(local) {
    const around = this._elements(local)[0].closest("[data-title]");
    return around?.dataset.title ?? "";
  }
}
