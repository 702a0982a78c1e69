// An alert raised during a visit: kept on the device at once, with its hour, sent by itself, told to people once.
// It waits in the same stores as a visit (ADR 0030): counted, exported and sent with the rest.

import { Draft } from "./draft.js";

export class Alert {
  constructor(typing) {
    this.typing = typing;
    this.dialog = document.querySelector("[data-alerte]");
    this.form = this.dialog?.querySelector("form");
  }

  start() {
    const button = document.querySelector("[data-alerter]");
    if (!button || !this.dialog) return;
    button.addEventListener("click", (event) => {
      event.preventDefault();
      this.dialog.showModal();
    });
    this.form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("data-fermer")) return;
      event.preventDefault();
      this.keep();
    });
    button.dataset.pret = "1";
  }

  async keep() {
    const told = Object.fromEntries(new FormData(this.form));
    const { house, page } = { house: this.typing.house, page: this.typing.panel };
    const content = JSON.stringify({ ...told, etablissement: house, releve: new Date().toISOString() });
    const draft = new Draft(crypto.randomUUID(), { house, alert: true });
    draft.type("alert", content, "");
    await draft.store();
    this.form.reset();
    this.dialog.close();
    page.say("alert-sent", false);
    page.say("alert-kept");
    this.typing.sender.soon(0);
  }

  told(said) {
    this.typing.panel.say("alert-kept", false);
    this.typing.panel.say("alert-sent", true, said.message);
  }
}
