// Covering a page that nobody touches, when the server can't be asked for one without people; and keeping what was
// half written on it, which is given back to the page when its owner unlocks it, or signs in anew after their session.

import { say } from "./say.js";

let kept = [];

const fields = (form) => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.nodeName !== "BUTTON");

// Whether somebody has changed it since it was drawn.
const isWritten = (field) => {
  if (field.nodeName !== "SELECT") return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  const drawn = [...field.options].findIndex((one) => one.defaultSelected);
  return field.selectedIndex !== Math.max(drawn, 0);
};

export function takeFields(root) {
  for (const form of root.querySelectorAll("form")) {
    for (const field of fields(form)) {
      const { name, value, checked } = field;
      kept.push({ form: form.getAttribute("action"), name, value, checked, written: isWritten(field) });
    }
  }
}

// Whether anything is half written, on the page or among what was taken from it.
export const isHalfWritten = (root) =>
  kept.some((one) => one.written) || [...root.querySelectorAll("form")].some((form) => fields(form).some(isWritten));

export const forget = () => { kept = []; };

export function giveBack(root) {
  const forms = new Map([...root.querySelectorAll("form")].map((form) => [form.getAttribute("action"), form]));
  for (const { form, name, value, checked } of kept) {
    const field = forms.get(form)?.elements.namedItem(name);
    if (!field?.name || (field.value === value && field.checked === checked)) continue;
    field.value = value;
    if (checked !== undefined) field.checked = checked;
    field.closest("details")?.setAttribute("open", "");
    for (const told of ["input", "change"]) field.dispatchEvent(new Event(told, { bubbles: true }));
  }
  kept = [];
}

// Emergencies stay, for the alarm; without a word.
export function strip(live) {
  const cards = [...live.querySelectorAll("[data-emergency]")];
  for (const card of cards) {
    card.textContent = say("Emergency");
    card.removeAttribute("data-news");
  }
  live.replaceChildren(...cards);
}
