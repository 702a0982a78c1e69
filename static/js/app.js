// What the whole application adds to plain pages. Every page works without it.

const $$ = (selector, root = document) => root.querySelectorAll(selector);
const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

// "/" goes to the search field, as the hint beside it says; Escape closes an open menu and gives the focus back.
document.addEventListener("keydown", (event) => {
  const search = document.getElementById("recherche");
  if (event.key === "/" && search && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  }
  const menu = event.key === "Escape" && document.activeElement?.closest("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  // A popover is not modal: with a script the same dialog keeps the focus inside and makes the page inert.
  const button = event.target.closest("button[popovertarget]");
  const dialog = button && document.getElementById(button.getAttribute("popovertarget"));
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    if (button.hasAttribute("data-close")) dialog.close();
    else dialog.showModal();
  }
});

// The theme changes at once; the server keeps it in a cookie for the next pages.
for (const form of $$("form[data-theme-form]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    document.documentElement.dataset.theme = event.submitter.dataset.value;
    for (const button of $$("button[name=theme]", form)) button.ariaPressed = String(button === event.submitter);
    fetch(form.action, { method: "POST", body: data, redirect: "manual" });
  });
}

// A refused form: the summary of what to correct is read first.
document.querySelector("[data-focus]")?.focus();

// Leaving a form that was changed asks first; sending it does not.
const changed = new Set();
for (const form of $$("form[data-guard]")) {
  form.addEventListener("input", () => form.hasAttribute("data-guard") && changed.add(form));
  form.addEventListener("submit", () => changed.delete(form));
}
window.addEventListener("beforeunload", (event) => {
  if (changed.size) event.preventDefault();
});

// A script that the network lost on the way: the page is asked for again, once, while nothing has been typed in it.
let touched = Boolean(document.querySelector("[data-focus]")); // what was refused was typed
document.addEventListener("input", () => (touched = true), { capture: true, once: true });
for (const script of $$("script[type=module][src]")) {
  script.addEventListener("error", () => {
    if (performance.getEntriesByType("navigation")[0]?.type === "reload") return;
    setTimeout(() => touched || location.reload(), 1000);
  });
}

// Filters apply as soon as a choice changes; their button stays for the other fields and without a script.
for (const form of $$("form[data-autosubmit]")) {
  form.addEventListener("change", (event) => event.target.matches("select, [type=checkbox]") && form.requestSubmit());
}

// htmx is fetched only by the pages that use it.
if (document.querySelector("[hx-get], [hx-post]")) {
  const script = document.createElement("script");
  script.src = document.querySelector("meta[name=htmx-src]").content;
  document.head.append(script);
}

// Numbers that open: the panel is fetched only by the pages that have some.
if (document.querySelector("[data-panel]")) import("./panel.js");

// A device that keeps visits typed out of reach looks after them on every page; the others fetch nothing.
try {
  if (localStorage.getItem("ronde-garde")) import("./visit/keeper.js");
} catch {
  // a browser that refuses storage keeps nothing
}

// Alerts reach the pages already open within five seconds: a line at the top, read aloud, with its link.
const box = document.querySelector("[data-alerts]");
if (box) {
  const known = new Set(JSON.parse(sessionStorage.getItem("alerts") ?? "[]"));
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(box.dataset.alerts, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) return;
      const { alerts } = await answer.json();
      for (const alert of alerts.filter(({ number }) => !known.has(number))) {
        const line = document.createElement("p");
        const link = document.createElement("a");
        link.href = alert.url;
        link.textContent = alert.title;
        line.append(link);
        box.append(line);
        known.add(alert.number);
      }
      box.hidden = !box.childElementCount;
      sessionStorage.setItem("alerts", JSON.stringify([...known]));
    } catch {
      // No network: the next turn will ask again.
    }
  };
  setInterval(ask, 4000);
  document.addEventListener("visibilitychange", ask);
}
