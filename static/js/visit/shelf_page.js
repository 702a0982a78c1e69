// The page shown without a network: the pages that this device keeps for the person.

import { made, since } from "./panel.js";
import { keptPages } from "./shelf.js";

const list = document.querySelector("[data-etagere]");
const pages = await keptPages().catch(() => []);
const lines = pages.map(({ url, title, at }) => {
  const line = document.createElement("li");
  const link = made("a", title);
  link.href = url;
  line.append(link, made("span", ` gardée ${since(at)}`, "muted"));
  return line;
});
if (lines.length) list.replaceChildren(...lines);
