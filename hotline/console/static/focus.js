// Where the keyboard is while the page is redrawn around it: on the same card, wherever that stands now, and never on a
// button that came in the place of another. The name of the card gets the focus then, which does nothing by itself.

const CARD = "#live .card[id]";
const PLACE = `${CARD}, #live li[id], #live section[aria-labelledby]`;
const STARTLED = 1500;

let startledUntil = 0;

export const cards = () => [...document.querySelectorAll(CARD)].filter((one) => one.checkVisibility());
export const cardOf = (element) => element?.closest?.(CARD);
// A letter may have been meant for the card that has just gone from under it.
export const isStartled = () => Date.now() < startledUntil;
export const startle = () => { startledUntil = Date.now() + STARTLED; };

const nameOf = (place) => (place.matches("section")
  ? document.getElementById(place.getAttribute("aria-labelledby"))
  : place.querySelector("h2, h3, .from, p"));

function give(element) {
  if (!element) return false;
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

export const standOn = (place) => give(nameOf(place));

// What a press of it does: another button may stand in the same place.
function doing(element) {
  if (element.nodeName !== "BUTTON" || !element.form) return "";
  const label = element.cloneNode(true);
  for (const aside of label.querySelectorAll(".aside")) aside.remove();
  return `${element.form.getAttribute("action")} ${label.textContent.trim()}`;
}

// Before the page is redrawn; nothing if the keyboard is elsewhere on it.
export function whereItIs() {
  const element = document.activeElement;
  if (!element?.closest?.("#live")) return null;
  const place = element.closest(PLACE), list = [...(place?.parentElement.children ?? [])], at = list.indexOf(place);
  return {
    element, place, does: doing(element), section: place?.closest("section"), were: new Set(cards().map((one) => one.id)),
    neighbours: [...list.slice(at + 1), ...list.slice(0, at).reverse()].filter((one) => one.id),
  };
}

// Afterwards. Returns what it was on, if that has gone; the next one in its place has the focus now, or what stands above.
export function comeBack(was) {
  if (!was) return null;
  const { element, place, section } = was;
  const stays = element.isConnected && element.checkVisibility() && doing(element) === was.does;
  if (stays && (document.activeElement === element || give(element))) return null;
  const now = place && asItIsNow(was);
  if (now && standOn(now)) return null;
  const next = was.neighbours.map((one) => document.getElementById(one.id)).find((one) => one?.matches(PLACE));
  const above = [next, section?.isConnected && section].filter(Boolean).map(nameOf);
  [...above, document.querySelector("#live h2"), document.querySelector("main")].some(give);
  return place?.id ? place : null;
}

// Drawn anew elsewhere, by its id; or what has come of the same contact since. What is closed is no card any more.
function asItIsNow({ place, were }) {
  if (place.isConnected) return place;
  const { contact } = place.dataset, found = document.getElementById(place.id);
  if (found && (found.matches(CARD) || !place.matches(".card"))) return found;
  return contact && cards().find((one) => one.dataset.contact === contact && !were.has(one.id));
}
