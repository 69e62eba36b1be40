// Small ways to change the page only where it differs, so that nothing flickers and no focus is lost.

export function text(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}

export function hide(element, hidden) {
  if (element && element.hidden !== hidden) element.hidden = hidden;
}

export function set(element, name, value) {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export function press(button, pressed) {
  set(button, "aria-pressed", String(pressed));
}

// Make the list show these entries: those that stay keep their element. Returns how many came at the end.
export function list(parent, entries, make, update = () => {}) {
  const known = new Map([...parent.children].map((child) => [child.dataset.id, child]));
  const wanted = new Set(entries.map((entry) => entry.id));
  for (const [id, child] of known) if (!wanted.has(id)) child.remove();
  let added = 0;
  entries.forEach((entry, place) => {
    let child = known.get(entry.id);
    if (!child) {
      child = make(entry);
      child.dataset.id = entry.id;
      added += 1;
    }
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
    update(child, entry);
  });
  return added;
}

export function element(name, className, words = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (words) made.textContent = words;
  return made;
}

export function toEnd(box) {
  box.scrollTop = box.scrollHeight;
}
