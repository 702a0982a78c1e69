// Pages kept for the road: sealed in the base, given back by the service worker when there is no network.

import { all, sealed, unlock, unsealed, user, wipeOldPages, write } from "./vault.js";

const HEADERS = ["content-type", "content-security-policy", "referrer-policy", "permissions-policy"];

// The service worker answers for the whole site, and for GET alone (static/js/sw.js).
export async function serve() {
  try {
    await navigator.serviceWorker?.register("/sw.js");
  } catch (error) {
    console.warn(error); // without it a page already open still keeps and sends
  }
}

export async function keepPage(url, heaviest = Infinity) {
  const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" }, cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(`page ${answer.status}`);
  const html = await answer.text();
  if (html.length > heaviest) throw new Error("too heavy");
  const headers = HEADERS.filter((name) => answer.headers.has(name)).map((name) => [name, answer.headers.get(name)]);
  const title = /<title>([^<]*)</.exec(html)?.[1] ?? url;
  await write([["pages", await sealed("pages", { url, at: Date.now() }, { html, headers, title })]]);
  return html.length;
}

// [{url, at, title}] of the pages of the person, the oldest wiped first.
export async function keptPages() {
  await unlock();
  await wipeOldPages();
  const found = [];
  for (const page of await all("pages")) {
    const content = page.user === user() ? await unsealed("pages", page) : null;
    if (content) found.push({ url: page.url, at: page.at, title: content.title });
  }
  return found.sort((a, b) => a.url.localeCompare(b.url));
}
