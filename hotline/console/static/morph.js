// Brings one piece of the page up to date with another, touching nothing that hasn't changed: whatever has the
// focus, is scrolled, open, or partly filled in stays as it is.

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || "" : "");
const alike = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName;

// What the person at the page sets, and not we; `data-keeps` names what else on a node follows from what they did; what
// stands in a node with `data-own` is a script's.
const THEIRS = { DETAILS: ["open"], INPUT: ["value", "checked"], BUTTON: ["aria-busy", "disabled"] };

export function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  attributes(old, fresh);
  if (old.nodeName === "INPUT") followed(old, fresh);
  if (old.nodeName !== "SELECT" && !old.hasAttribute("data-own")) children(old, fresh);
}

// What nobody has typed into follows what is kept now; a hidden field always does.
function followed(old, fresh) {
  const untouched = old.value === old.defaultValue && old !== document.activeElement;
  if (old.type !== "hidden" && !untouched) return;
  if (old.defaultValue !== fresh.defaultValue) old.defaultValue = fresh.defaultValue;
  if (old.value !== fresh.value) old.value = fresh.value;
}

function attributes(old, fresh) {
  // "tabindex": what has the focus loses it with that.
  const theirs = ["tabindex", ...(THEIRS[old.nodeName] || []), ...(old.dataset?.keeps || "").split(" ")];
  for (const { name, value } of [...fresh.attributes]) {
    if (!theirs.includes(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!theirs.includes(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
}

function children(old, fresh) {
  const keyed = new Map();
  const loose = [];
  for (const child of old.childNodes) keyOf(child) ? keyed.set(keyOf(child), child) : loose.push(child);
  const wanted = [...fresh.childNodes].map((child) => {
    const kept = keyOf(child) ? taken(keyed, child) : firstAlike(loose, child);
    if (!kept) return document.importNode(child, true);
    morph(kept, child);
    return kept;
  });
  for (const gone of [...keyed.values(), ...loose]) gone.remove();
  place(old, wanted);
}

function taken(keyed, child) {
  const kept = keyed.get(keyOf(child));
  if (!kept || !alike(kept, child)) return null;
  keyed.delete(keyOf(child));
  return kept;
}

function firstAlike(loose, child) {
  const at = loose.findIndex((one) => alike(one, child));
  return at < 0 ? null : loose.splice(at, 1)[0];
}

// A node that is moved loses the focus, so the one that has it stands still and the others go around it.
function place(parent, wanted) {
  const still = wanted.find((node) => node.contains(document.activeElement) && node.parentNode === parent);
  for (let at = wanted.length - 1; at >= 0; at--) {
    const next = wanted[at + 1] || null;
    if (wanted[at] !== still && (wanted[at].parentNode !== parent || wanted[at].nextSibling !== next)) {
      parent.insertBefore(wanted[at], next);
    }
  }
}
