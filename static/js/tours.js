// Dragging a visit of a tour to another half-day fills the form that is there for everyone, and sends it.

const tour = document.querySelector("[data-tour]");
let dragged = null;

tour?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.move);
  dragged.classList.add("dragged");
});

tour?.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  for (const half of tour.querySelectorAll(".over")) half.classList.remove("over");
  dragged = null;
});

tour?.addEventListener("dragover", (event) => {
  const half = event.target.closest("[data-day]");
  if (!dragged || !half) return;
  event.preventDefault();
  for (const other of tour.querySelectorAll(".over")) if (other !== half) other.classList.remove("over");
  half.classList.add("over");
});

tour?.addEventListener("drop", (event) => {
  const half = event.target.closest("[data-day]");
  const form = dragged && half && document.getElementById(dragged.dataset.move);
  if (!form) return;
  event.preventDefault();
  form.elements.day.value = half.dataset.day;
  form.elements.half_day.value = half.dataset.half;
  form.requestSubmit();
});
