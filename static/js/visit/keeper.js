// On every page of a device that keeps something (app.js): what waits leaves, what is old is wiped, and signing out
// is never a way to lose a text.

import { made, since } from "./panel.js";
import { Sender, session } from "./sender.js";
import { lock, unlock, waiting, wipeOldPages } from "./vault.js";

const DAY = 24 * 3600e3;

async function start() {
  await wipeOldPages();
  if (location.pathname === "/connexion/") return lock(); // the way in: nobody is signed in any more
  leaving();
  if (document.querySelector("form[data-visite]")) return; // it knows whose it is, and sends by itself
  const { count } = await waiting(null);
  if (!count) return unlock();
  await session(true).catch(() => unlock());
  const sender = new Sender();
  sender.onstate = async () => tell(await waiting());
  sender.soon(0);
  tell(await waiting());
}

function tell({ count, since: oldest }) {
  document.querySelector("[data-en-attente]")?.remove();
  if (!count || Date.now() - oldest < DAY) return;
  const notice = made("p", `${count} saisie${count > 1 ? "s" : ""} de visite à transmettre, ${since(oldest)}. `, "notice tone-alert");
  notice.dataset.enAttente = count;
  notice.setAttribute("role", "status");
  const link = made("a", "Voir et en garder une copie");
  link.href = "/visites/mallette/";
  notice.append(link);
  document.querySelector("#contenu")?.prepend(notice);
}

// Unsent texts: warned before, kept sealed after. The key and the pages for the road go with the session.
function leaving() {
  for (const form of document.querySelectorAll("form[action$='/deconnexion/']")) {
    let sure = false;
    form.addEventListener("submit", async (event) => {
      if (sure) return;
      event.preventDefault();
      const { count } = await waiting();
      if (count && !(await agreed(count))) return;
      await lock();
      sure = true;
      form.submit();
    });
  }
}

function agreed(count) {
  const dialog = made("dialog", "", "dialog");
  const form = made("form", "", "dialog-body");
  form.method = "dialog";
  const title = made("h2", "Tout n’est pas transmis");
  title.id = "quitter-titre";
  dialog.setAttribute("aria-labelledby", title.id);
  const many = count > 1 ? `${count} saisies ne sont pas encore transmises. Elles restent gardées` : "Une saisie n’est pas encore transmise. Elle reste gardée";
  const row = made("div", "", "dialog-actions");
  for (const [value, text, look] of [["rester", "Rester", "btn"], ["partir", "Se déconnecter quand même", "btn quiet"]]) {
    const button = made("button", text, look);
    button.value = value;
    row.append(button);
  }
  form.append(title, made("p", `${many} sur cet appareil, illisible sans vous, jusqu’à votre prochaine connexion.`), row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "partir");
    });
  });
}

start();
