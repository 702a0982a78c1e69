// A rate opens beside the page rather than instead of it: the same address, its explanation shown in a dialog.
// With a modifier key, without a script or when the network fails, the link is followed as any other.

function panel() {
  const known = document.getElementById("panneau");
  if (known) return known;
  const dialog = document.createElement("dialog");
  dialog.id = "panneau";
  dialog.className = "dialog panel";
  dialog.setAttribute("aria-labelledby", "panneau-titre");
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.replaceChildren());
  document.body.append(dialog);
  return dialog;
}

function filled(page, href) {
  const title = document.createElement("h2");
  title.id = "panneau-titre";
  title.tabIndex = -1; // read first, and the panel opens at its top rather than at its buttons
  title.autofocus = true;
  title.textContent = page.querySelector("h1").textContent.trim();
  const actions = document.createElement("div");
  actions.className = "dialog-actions";
  const whole = document.createElement("a");
  whole.className = "btn";
  whole.href = href;
  whole.textContent = "Voir les lignes";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn quiet";
  close.dataset.close = "";
  close.textContent = "Fermer";
  actions.append(whole, close);
  return [title, page.getElementById("explication"), actions];
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.getElementById("explication")) throw new Error("no explanation");
    const dialog = panel();
    dialog.replaceChildren(...filled(page, link.href));
    dialog.showModal();
  } catch {
    location.assign(link.href);
  }
});
