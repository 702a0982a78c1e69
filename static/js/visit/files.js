// Photographs and files of a visit: made smaller, sealed on the device, sent after the texts.

import { made } from "./panel.js";
import { all, sealed, unsealed, user, write } from "./vault.js";

const SIDE = 1600; // pixels of the longest side: enough to read a notice on a wall
const MOST = 8 * 1024 * 1024;

export class Files {
  constructor(typing) {
    this.typing = typing;
    this.input = document.querySelector("[data-fichiers]");
    this.list = document.querySelector("[data-liste-fichiers]");
  }

  async start() {
    if (!this.input) return;
    this.input.closest("[hidden]")?.removeAttribute("hidden");
    this.input.addEventListener("change", () => this.take([...this.input.files]));
    for (const file of await all("files")) {
      if (file.draft !== this.typing.draft.id || file.user !== user()) continue;
      const meta = await unsealed("files", { ...file, ...file.meta });
      if (meta) this.show(file.id, meta.name, "gardée sur cet appareil, à transmettre");
    }
  }

  // One after the other, so that their order is kept.
  async take(files) {
    for (const file of files) {
      const row = this.show(crypto.randomUUID(), file.name, "…");
      try {
        const small = await smaller(file);
        if (small.size > MOST) throw new Error("Ce fichier dépasse 8\u00a0Mo.");
        const content = new Uint8Array(await small.arrayBuffer());
        await this.keep(row.dataset.fichier, content, { name: file.name, type: small.type });
        this.told("file-kept", { id: row.dataset.fichier, why: "gardée sur cet appareil, à transmettre" });
      } catch (error) {
        this.told("file-refused", { id: row.dataset.fichier, why: error.message });
      }
    }
    this.input.value = "";
    this.typing.begin();
    await this.typing.count();
    this.typing.sender.soon();
  }

  async keep(id, content, meta) {
    const record = { id, draft: this.typing.draft.id, at: Date.now() };
    const { iv, box } = await sealed("files", record, meta);
    await write([["files", { ...(await sealed("files", record, content)), meta: { iv, box } }]]);
  }

  show(id, name, state) {
    const row = made("li", `${name}\u00a0: `);
    row.dataset.fichier = id;
    row.append(made("span", state, "muted"));
    this.list.append(row);
    return row;
  }

  told(state, detail) {
    const id = detail.id ?? detail;
    const place = this.list?.querySelector(`[data-fichier='${id}'] span`);
    if (place) place.textContent = state === "file-sent" ? "transmise" : detail.why;
    this.typing.count();
  }
}

// A photograph without its place nor its camera: drawn again, it keeps only its picture.
async function smaller(file) {
  if (!["image/jpeg", "image/png", "image/webp"].includes(file.type)) return file;
  const picture = await createImageBitmap(file);
  const ratio = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * ratio);
  canvas.height = Math.round(picture.height * ratio);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.82));
}
