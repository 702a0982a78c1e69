// Signing in again without leaving the page: what is being typed stays where it is.

export function signInAgain(panel, back) {
  const dialog = document.getElementById("reconnexion");
  if (!dialog) return;
  const form = dialog.querySelector("form");
  for (const button of document.querySelectorAll("[data-reconnecter]")) button.addEventListener("click", () => dialog.showModal());
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("data-fermer")) return;
    event.preventDefault();
    const problem = form.querySelector("[data-refus]");
    problem.hidden = true;
    try {
      if (await signedIn(form)) {
        dialog.close();
        form.reset();
        panel.say("signed-out", false);
        back();
        return;
      }
      problem.textContent = "Adresse ou mot de passe incorrect.";
    } catch {
      problem.textContent = "Le serveur ne répond pas\u00a0: réessayez dans un moment, tout reste gardé ici.";
    }
    problem.hidden = false;
  });
}

// The sign-in page of the site, asked for its token, then posted as its own form would be.
async function signedIn(form) {
  const page = await fetch(form.action, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!page.url.startsWith(form.action)) return true; // already signed in, in another tab
  const drawn = new DOMParser().parseFromString(await page.text(), "text/html");
  const token = drawn.querySelector("input[name=csrfmiddlewaretoken]");
  if (!token) return true;
  const body = new FormData(form);
  body.set("csrfmiddlewaretoken", token.value);
  const headers = { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", credentials: "same-origin", headers, body });
  if (answer.status >= 500) throw new Error("away");
  return answer.ok;
}
