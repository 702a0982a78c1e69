// The minutes being typed show what their lines will make: the server reads them, nothing is saved. Without a script the
// button « Voir ce qui sera créé » asks for the same.

const text = document.querySelector("[data-minutes]");
const preview = document.querySelector("[data-preview]");
const PAUSE = 500; // ms after the last key
let waiting = 0;
let asked = 0;

async function read() {
  const mine = ++asked;
  const body = new FormData();
  body.set("text", text.value);
  body.set("csrfmiddlewaretoken", text.form.elements.csrfmiddlewaretoken.value);
  try {
    const answer = await fetch(preview.dataset.preview, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok || answer.redirected || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    preview.replaceChildren(...page.body.childNodes);
  } catch {
    // Out of reach: what was shown stays, the text is untouched.
  }
}

if (text && preview) {
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(read, PAUSE);
  });
}
