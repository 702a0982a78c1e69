// A combo box of the admin (Select2) has no name of its own for a screen reader: give it the one of its field.
const named = (select) => {
  const combo = select.nextElementSibling?.querySelector('.select2-selection');
  const shown = combo?.querySelector('.select2-selection__rendered');
  const label = select.getAttribute('aria-label') || select.labels?.[0]?.textContent.replace(/\s*:\s*$/, '').trim();
  if (!combo || !label) return;
  combo.removeAttribute('aria-labelledby');
  for (const name of ['role', 'aria-readonly']) shown?.removeAttribute(name);
  const tell = () => combo.setAttribute('aria-label', [label, shown?.textContent.trim()].filter(Boolean).join(', '));
  tell();
  if (shown) new MutationObserver(tell).observe(shown, { childList: true, characterData: true, subtree: true });
};

const nameAll = (root) => root.querySelectorAll('.admin-autocomplete').forEach(named);

// Select2 takes its place when jQuery says that the page is ready: after our own turn.
window.addEventListener('load', () => setTimeout(() => nameAll(document), 0));
document.addEventListener('formset:added', (event) => setTimeout(() => nameAll(event.target), 0));
