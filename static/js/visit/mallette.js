// The mallette: the pages of the visits to come are fetched, sealed and kept on this device for 48 hours.

import { Panel } from "./panel.js";
import { parachute } from "./parachute.js";
import { Sender, session } from "./sender.js";
import { keepPage, keptPages, serve } from "./shelf.js";
import { unlock, user } from "./vault.js";

const HEAVIEST = 2_000_000;
const box = document.querySelector("[data-mallette]");
const stale = document.documentElement.hasAttribute("data-hors-ligne");

async function fill() {
  const line = box.querySelector("[data-bilan]");
  let [kept, weight, failed] = [0, 0, 0];
  for (const item of box.querySelectorAll("[data-garde]")) {
    try {
      weight += await keepPage(item.dataset.garde, HEAVIEST);
      kept += 1;
    } catch {
      failed += 1;
    }
    line.textContent = `${kept} page${kept > 1 ? "s" : ""} dans la mallette, ${Math.ceil(weight / 1000)}\u00a0ko.`;
  }
  if (failed) line.textContent += ` ${failed} n’a pas pu y entrer\u00a0: réessayez avec du réseau.`;
  box.dataset.mallettePleine = String(kept);
}

async function start() {
  if (!box || !window.indexedDB || !window.crypto?.subtle) return;
  if (stale) await unlock();
  else await session(true).catch(() => unlock());
  if (user() !== box.dataset.mallette) return;
  box.hidden = false;
  const sender = new Sender();
  parachute(new Panel(), () => sender.soon(0));
  box.querySelector("[data-garder]").addEventListener("click", fill);
  await serve();
  if (stale) {
    const pages = await keptPages();
    box.querySelector("[data-bilan]").textContent = `Sans réseau\u00a0: ${pages.length} pages gardées.`;
    return;
  }
  navigator.storage?.persist?.();
  await fill();
  sender.soon(0);
}

start();
