// What the person is told: one line in the dock, and notices that the page already holds, hidden.

const HOUR = 3600e3;
export const clock = (at = Date.now()) => new Date(at).toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit" }).replace(":", "\u00a0h\u00a0");

export function since(at) {
  const minutes = Math.floor((Date.now() - at) / 60e3);
  if (minutes < 1) return "à l’instant";
  if (minutes < 60) return `depuis ${minutes}\u00a0min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `depuis ${hours}\u00a0h` : `depuis ${Math.floor(hours / 24)}\u00a0jours`;
}

export class Panel {
  constructor(root = document) {
    this.root = root;
    this.line = root.querySelector("[data-etat]");
    this.local = "stored";
    this.typed = false;
    this.count = 0;
    this.oldest = 0;
  }

  // « enregistré » is written only once the disk has it; « transmis » once the server has said so.
  draw() {
    if (!this.line) return;
    this.line.hidden = !this.typed && !this.count;
    this.line.dataset.etat = this.local;
    this.line.dataset.attente = this.count;
    this.line.textContent = this._text();
    const age = this.oldest ? Date.now() - this.oldest : 0;
    this.say("day", age >= 24 * HOUR);
    this.say("hour", age >= HOUR && age < 24 * HOUR);
  }

  _text() {
    if (this.local === "storing") return "Enregistrement…";
    if (this.local === "failed") return "Pas enregistré sur cet appareil";
    if (!this.count) return `Enregistré et transmis à ${clock()}`;
    const many = this.count > 1 ? `${this.count} saisies à transmettre` : "1 saisie à transmettre";
    return `Enregistré sur cet appareil · ${many}, ${since(this.oldest)}`;
  }

  waits(count, oldest) {
    this.count = count;
    this.oldest = oldest;
    this.draw();
  }

  say(name, shown = true, text = null) {
    for (const notice of this.root.querySelectorAll(`[data-dit='${name}']`)) {
      if (text) notice.querySelector("[data-texte]").textContent = text;
      if (notice.hidden === shown) notice.hidden = !shown;
    }
  }

  gaps(list) {
    const place = this.root.querySelector("[data-manques]");
    if (!place) return;
    const texts = [...new Set(list.map((gap) => gap.message))];
    place.querySelector("summary").textContent = texts.length ? `Avant de transmettre\u00a0: ${texts.length} à compléter` : "Rien ne manque pour transmettre";
    place.querySelector("ul").replaceChildren(...texts.map((text) => made("li", text)));
    place.hidden = false;
  }

  // Texts that the server keeps beside a field: both are shown under it, and the choice.
  kept(list, page, choose) {
    for (const old of this.root.querySelectorAll("[data-garde-a-part]")) old.remove();
    for (const one of list) {
      const box = made("div", "", "notice tone-watch");
      box.dataset.gardeAPart = one.name;
      box.setAttribute("role", "status");
      const inside = made("div", "", "stack-s");
      inside.append(made("strong", one.label, "notice-title"), made("p", one.why));
      if (one.outcome === "conflict") {
        inside.append(made("p", "Votre saisie\u00a0:"), made("blockquote", one.value), made("p", "Déjà enregistré\u00a0:"), made("blockquote", one.theirs || "(vide)"));
        const row = made("div", "", "btn-row");
        for (const [choice, text] of [["mine", "Garder ma saisie"], ["theirs", "Garder l’autre"], ["both", "Garder les deux"]]) {
          const button = made("button", text, "btn quiet small");
          button.type = "button";
          button.addEventListener("click", () => choose(one, choice));
          row.append(button);
        }
        inside.append(row);
      } else {
        inside.append(made("blockquote", one.value));
      }
      box.append(inside);
      const beside = page.element(one.name)?.closest(".form-field");
      if (beside) beside.after(box);
      else this.root.querySelector("[data-avis]").append(box);
    }
  }
}

export function made(tag, text = "", classes = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (classes) element.className = classes;
  return element;
}
