// The board by keyboard: from card to card, and what is done with the one that is before somebody.
//
// A letter counts only while no field has the focus, and, but for the way to the cards, only on a card. Whoever speaks to
// their computer, or reads with a screen reader, can switch all of them off; "?" is then a key like any other, and the
// button stays.

import { cardOf, cards, isStartled, standOn } from "./focus.js";

const $ = (id) => document.getElementById(id);
const main = document.querySelector("main[data-live]");
const list = $("keys"), offered = $("keys-open"), all = $("keys-on");
const KEPT = "hotline keys";
const ACTS = {
  c: ["form[data-key='claim'] button", "form[data-key^='accept'] button", "form[data-key='answer'] button"],
  l: ["form[data-key='call'] button", "form[data-key='ring-back'] button"],
  t: ["a[data-key='open']", "a[data-key='wrote']", "a[data-key='page']"],
  o: ["select[data-outcome]"],
  m: [".acts summary"],
};

// Its name has the focus: a press of Space or Enter by habit, after reading, must switch nothing.
function show() {
  list.showModal();
  $("keys-heading").focus();
}

const isOn = () => localStorage.getItem(KEPT) !== "off";

// From where the keyboard is, also between two cards.
function go(step) {
  const all = cards(), from = document.activeElement, here = cardOf(from);
  const { DOCUMENT_POSITION_FOLLOWING: AFTER, DOCUMENT_POSITION_PRECEDING: BEFORE } = Node;
  const beyond = (one) => from.compareDocumentPosition(one) & (step > 0 ? AFTER : BEFORE);
  const ahead = from === document.body ? all : all.filter((one) => one !== here && beyond(one));
  const next = ahead.at(step > 0 ? 0 : -1) || here;
  if (!next) return;
  standOn(next);
  next.scrollIntoView({ block: "nearest" });
}

function act(selectors) {
  const card = !isStartled() && cardOf(document.activeElement);
  const target = card && selectors.map((one) => card.querySelector(one)).find((one) => one?.checkVisibility());
  if (!target) return;
  target.focus();
  if (!target.matches("select")) target.click();
}

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!isOn() || list.open || "locked" in main.dataset || !$("lock").hidden || !$("over").hidden) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (event.key === "?") show();
  else if (key === "j") go(1);
  else if (key === "k") go(-1);
  else if (ACTS[key]) act(ACTS[key]);
  else return;
  event.preventDefault();
});

offered.hidden = false;
offered.addEventListener("click", show);
all.checked = all.defaultChecked = isOn();
all.addEventListener("change", () => {
  all.defaultChecked = all.checked;
  localStorage.setItem(KEPT, all.checked ? "on" : "off");
});
