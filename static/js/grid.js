// The grid of the activity: each cell saves itself when it is left. Without this file the form saves them all.

const form = document.querySelector("form[data-grid]");
const status = form?.querySelector("[data-grid-status]");
const cells = () => [...form.querySelectorAll("input.cell")];
const shownOf = (cell) => cell.previousElementSibling; // what the cell held when it was read
const pending = new Map(); // a cell that is being saved: its promise

const say = (text) => { status.textContent = text; };

const note = (cell, text, invalid) => {
  cell.nextElementSibling.textContent = text;
  if (invalid) {
    cell.setAttribute("aria-invalid", "true");
    cell.setAttribute("aria-describedby", cell.nextElementSibling.id);
  } else {
    cell.removeAttribute("aria-invalid");
    cell.removeAttribute("aria-describedby");
  }
};

const tellLine = (row, line) => {
  if (!line.state) return;
  row.querySelector("[data-state]").textContent = line.state;
  for (const name of ["admission", "attendance"]) row.querySelector(`[data-rate=${name}]`).textContent = line[name];
  row.querySelector("[data-verdicts]").replaceChildren(
    ...line.verdicts.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
};

const tellTotals = (totals) => {
  for (const [name, text] of Object.entries(totals ?? {})) {
    const place = form.querySelector(`[data-total=${name}]`);
    if (place) place.textContent = text;
  }
};

// Both values stay on the screen: the one typed in the cell, the one stored in words below it.
const conflict = (cell, answer) => {
  note(cell, `Non enregistré : ${answer.reason}. Votre saisie est gardée.`, true);
  const over = document.createElement("button");
  over.type = "button";
  over.className = "btn quiet small";
  over.textContent = "Garder ma saisie";
  over.addEventListener("click", () => {
    shownOf(cell).value = answer.stored;
    save(cell);
    cell.focus();
  });
  cell.nextElementSibling.append(" ", over);
};

const send = async (cell) => {
  const row = cell.closest("tr");
  const typed = cell.value.trim();
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.set("mois", form.dataset.month);
  data.set("colonne", cell.dataset.column);
  data.set("valeur", typed);
  data.set("avant", shownOf(cell).value);
  say("Enregistrement…");
  try {
    const response = await fetch(`${row.dataset.url}${location.search}`, { method: "POST", body: data });
    if (!response.headers.get("Content-Type")?.includes("json")) throw new Error("not an answer");
    const answer = await response.json();
    tellTotals(answer.totals);
    if (answer.line) tellLine(row, answer.line);
    if (answer.kind === "saved" || answer.kind === "unchanged") {
      shownOf(cell).value = answer.stored;
      if (cell.value.trim() === typed) cell.value = answer.stored;
      note(cell, "", false);
      say("Enregistré.");
    } else if (answer.kind === "conflict") {
      conflict(cell, answer);
      say("Une case a changé entre-temps : les deux valeurs sont affichées.");
    } else {
      note(cell, `Non enregistré : ${answer.reason}.`, true);
      say("Une case n’a pas été enregistrée.");
    }
  } catch {
    note(cell, "Non enregistré : le serveur ne répond pas. Votre saisie est gardée ici.", true);
    say("Une case n’a pas été enregistrée : elle le sera à la prochaine tentative.");
  }
};

// One save at a time for a cell: the second one starts from what the first one stored.
const save = (cell) => {
  const turn = (pending.get(cell) ?? Promise.resolve()).then(() => {
    if (cell.value.trim() !== shownOf(cell).value) return send(cell);
    if (cell.hasAttribute("aria-invalid")) note(cell, "", false);
    return undefined;
  });
  pending.set(cell, turn);
  turn.finally(() => pending.get(cell) === turn && pending.delete(cell));
  return turn;
};

const neighbour = (cell, rows, columns) => {
  const lines = [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input.cell")]);
  const filled = lines.filter((line) => line.length);
  const y = filled.findIndex((line) => line.includes(cell));
  const x = filled[y].indexOf(cell);
  return filled[y + rows]?.[x + columns];
};

const move = (event, target) => {
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.select();
};

const atEdge = (cell, end) => {
  const place = end ? cell.value.length : 0;
  const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  return whole || (cell.selectionStart === place && cell.selectionEnd === place);
};

const KEYS = {
  Enter: (event, cell) => {
    event.preventDefault(); // the form is sent by its button only
    move(event, neighbour(cell, event.shiftKey ? -1 : 1, 0));
  },
  ArrowDown: (event, cell) => move(event, neighbour(cell, 1, 0)),
  ArrowUp: (event, cell) => move(event, neighbour(cell, -1, 0)),
  ArrowLeft: (event, cell) => atEdge(cell, false) && move(event, neighbour(cell, 0, -1)),
  ArrowRight: (event, cell) => atEdge(cell, true) && move(event, neighbour(cell, 0, 1)),
  Escape: (event, cell) => {
    cell.value = shownOf(cell).value;
    note(cell, "", false);
    cell.select();
  },
};

if (form) {
  form.classList.add("with-script");
  form.addEventListener("keydown", (event) => {
    if (!event.target.matches("input.cell") || event.altKey || event.ctrlKey || event.metaKey) return;
    KEYS[event.key]?.(event, event.target);
  });
  form.addEventListener("change", (event) => event.target.matches("input.cell") && save(event.target));
  form.addEventListener("focusin", (event) => event.target.matches("input.cell") && event.target.select());
  // The button saves what is left, a cell at a time, and keeps the page.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await Promise.all(cells().map(save));
    if (!form.querySelector("[aria-invalid]")) say("Tout est enregistré.");
  });
  window.addEventListener("beforeunload", (event) => {
    if (pending.size || cells().some((cell) => cell.value.trim() !== shownOf(cell).value)) event.preventDefault();
  });
}
