// The last parachute: everything that is not sent, in a file that only the same person can open again (ADR 0030).

import { all, sealed, unsealed, user, write } from "./vault.js";

const FORMAT = 1;
const ENTRY = { id: "parachute" };

const text64 = (bytes) => {
  let text = "";
  for (let start = 0; start < bytes.length; start += 32768) text += String.fromCharCode(...bytes.subarray(start, start + 32768));
  return btoa(text);
};
const bytes64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

// {name, content, count}: the file, sealed as a whole.
export async function exported() {
  const kept = { drafts: [], fields: [], files: [] };
  const waiting = new Set();
  for (const store of ["fields", "files"]) {
    for (const record of await all(store)) {
      if (!record.at || record.user !== user()) continue;
      const { draft, name, id, at } = record;
      waiting.add(draft);
      if (store === "fields") kept.fields.push({ draft, name, at, content: await unsealed("fields", record) });
      else {
        const meta = await unsealed("files", { ...record, ...record.meta });
        kept.files.push({ id, draft, at, meta, content: text64(await unsealed("files", record, true)) });
      }
    }
  }
  for (const record of await all("drafts")) {
    if (waiting.has(record.id)) kept.drafts.push({ id: record.id, at: record.at, content: await unsealed("drafts", record) });
  }
  const { iv, box } = await sealed("keys", ENTRY, kept);
  const content = JSON.stringify({ ronde: FORMAT, user: user(), iv: text64(iv), box: text64(new Uint8Array(box)) });
  const day = new Date().toLocaleDateString("sv-SE");
  return { name: `saisies-${day}.ronde`, content, count: kept.fields.length + kept.files.length };
}

// Puts back what a file holds; what this device already has of the same field, and is later, stays. Returns how many.
export async function imported(text) {
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    throw new Error("Ce fichier n’est pas une copie de saisies.");
  }
  if (told.ronde !== FORMAT) throw new Error("Ce fichier n’est pas une copie de saisies.");
  const record = { ...ENTRY, user: told.user, iv: bytes64(told.iv), box: bytes64(told.box) };
  const kept = await unsealed("keys", record);
  if (!kept) throw new Error("Cette copie appartient à une autre personne, ou elle est abîmée.");
  const present = new Map((await all("fields")).map((one) => [`${one.draft}/${one.name}`, one]));
  const drafts = new Set((await all("drafts")).map((one) => one.id));
  const puts = [];
  let count = 0;
  for (const one of kept.drafts) if (!drafts.has(one.id)) puts.push(["drafts", await sealed("drafts", { id: one.id, at: one.at }, one.content)]);
  for (const { draft, name, at, content } of kept.fields) {
    if (present.get(`${draft}/${name}`)?.at) continue;
    puts.push(["fields", await sealed("fields", { draft, name, at }, content)]);
    count += 1;
  }
  for (const { id, draft, at, meta, content } of kept.files) {
    const label = await sealed("files", { id, draft, at }, meta);
    puts.push(["files", { ...(await sealed("files", { id, draft, at }, bytes64(content))), meta: { iv: label.iv, box: label.box } }]);
    count += 1;
  }
  await write(puts);
  return count;
}

// Ties the buttons of a page. `sent` is called once something was put back.
export function parachute(panel, sent) {
  for (const button of document.querySelectorAll("[data-exporter]")) {
    button.addEventListener("click", async () => {
      const { name, content, count } = await exported();
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60e3);
      panel.say("exported", true, `Copie de ${count} saisie${count > 1 ? "s" : ""} préparée\u00a0: ${name}.`);
    });
  }
  for (const input of document.querySelectorAll("[data-importer]")) {
    input.addEventListener("change", async () => {
      try {
        const count = await imported(await input.files[0].text());
        panel.say("imported", true, `${count} saisie${count > 1 ? "s reprises" : " reprise"}\u00a0: rechargez la page pour les voir, elles partent d’elles-mêmes.`);
        sent();
      } catch (error) {
        panel.say("imported", true, error.message);
      }
      input.value = "";
    });
  }
}
