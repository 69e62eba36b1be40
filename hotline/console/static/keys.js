// The board by keyboard: from card to card, and what is done with the one that is before somebody.
//
// A letter counts only while no field has the focus, and, but for the way to the cards, only on a card. Whoever speaks to
// their computer, or reads with a screen reader, can switch all of them off; "?" is then a key like any other, and the
// button stays.

const $ = (id) => document.getElementById(id);
const main = document.querySelector("main[data-live]");
const list = $("keys"), offered = $("keys-open"), all = $("keys-on");
const KEPT = "hotline keys";
const CARDS = "#live .card[id]";
const ACTS = {
  c: ["form[data-key='claim'] button", "form[data-key^='accept'] button", "form[data-key='answer'] button"],
  l: ["form[data-key='call'] button", "form[data-key='ring-back'] button"],
  t: ["a[data-key='open']", "a[data-key='wrote']", "a[data-key='page']"],
  o: ["select[data-outcome]"],
  m: [".acts summary"],
};

const isOn = () => localStorage.getItem(KEPT) !== "off";
const shown = () => [...document.querySelectorAll(CARDS)].filter((one) => one.checkVisibility());

function go(step) {
  const cards = shown();
  if (!cards.length) return;
  const at = cards.indexOf(document.activeElement.closest?.(CARDS));
  const next = cards[at < 0 ? (step > 0 ? 0 : cards.length - 1) : Math.min(Math.max(at + step, 0), cards.length - 1)];
  const heading = next.querySelector("h3");
  heading.tabIndex = -1;
  heading.focus();
  next.scrollIntoView({ block: "nearest" });
}

function act(selectors) {
  const card = document.activeElement.closest?.(CARDS);
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
  if (event.key === "?") list.showModal();
  else if (key === "j") go(1);
  else if (key === "k") go(-1);
  else if (ACTS[key]) act(ACTS[key]);
  else return;
  event.preventDefault();
});

offered.hidden = false;
offered.addEventListener("click", () => list.showModal());
all.checked = all.defaultChecked = isOn();
all.addEventListener("change", () => {
  all.defaultChecked = all.checked;
  localStorage.setItem(KEPT, all.checked ? "on" : "off");
});
