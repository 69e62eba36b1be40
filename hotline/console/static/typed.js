// What somebody has typed outlives its form: where the form is drawn anew it stands there again, and where it has gone
// (somebody else has taken it over, or closed it), the words stay on the page until they are put away.

import { say } from "./say.js";

const HIDDEN = ["hidden", "password", "submit", "button"];
const CHOSEN = ["select-one", "select-multiple", "checkbox", "radio"];
const fields = (form) => [...form.elements].filter((one) => one.name && one.nodeName !== "BUTTON" && !HIDDEN.includes(one.type));

// What was sent, and arrived, is lost by nobody; until it is written in again.
const arrived = new WeakSet();
export const hasArrived = (form) => { arrived.add(form); };
addEventListener("input", (event) => { if (event.target.form) arrived.delete(event.target.form); }, true);

// Whether somebody has changed it since it was drawn.
const isWritten = (field) => {
  if (arrived.has(field.form) || field.closest("[data-place]")?.dataset.kept === field.value) return false;
  if (field.nodeName !== "SELECT") return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  const drawn = [...field.options].findIndex((one) => one.defaultSelected);
  return field.selectedIndex !== Math.max(drawn, 0);
};

const inWords = (field) => {
  if (field.nodeName === "SELECT") return field.selectedOptions[0]?.textContent || "";
  return field.type === "checkbox" ? "✓" : field.value;
};

const labelOf = (field) => (field.labels?.[0]?.textContent || field.name).replace(/\s+/g, " ").trim();

// Which form it is: the same one on another card, such as that of what is over, is none in which it can be gone on.
const placeOf = (form) => `${form.getAttribute("action")} ${form.closest("[id]").id}`;

// All fields of the forms there, as they stand now.
export function fieldsOf(root) {
  return [...root.querySelectorAll("form")].flatMap((form) =>
    fields(form).map((field) => ({
      field, form: placeOf(form), name: field.name, value: field.value, checked: field.checked,
      written: isWritten(field), typed: !CHOSEN.includes(field.type), label: labelOf(field), words: inWords(field),
    })));
}

export const isHalfWritten = (root) => [...root.querySelectorAll("form")].some((form) => fields(form).some(isWritten));

// Puts them back into the forms that are there; returns what has no place any more.
export function putBack(root, several) {
  const forms = new Map([...root.querySelectorAll("form")].map((form) => [placeOf(form), form]));
  const homeless = [];
  for (const one of several) {
    const field = forms.get(one.form)?.elements.namedItem(one.name);
    if (!field?.name) { homeless.push(one); continue; }
    if (field.value === one.value && field.checked === one.checked) continue;
    field.value = one.value;
    if (one.checked !== undefined) field.checked = one.checked;
    field.closest("details")?.setAttribute("open", "");
    for (const told of ["input", "change"]) field.dispatchEvent(new Event(told, { bubbles: true }));
  }
  return homeless;
}

// After the page was drawn anew: what was written before, in forms that have gone.
export function rescue(root, before) {
  const gone = before.filter((one) => one.written && !one.field.isConnected);
  if (gone.length) keepWords(putBack(root, gone));
}

// Only where something was typed: a choice alone is made again in a moment.
export function keepWords(homeless) {
  const written = homeless.filter((one) => one.written);
  for (const form of new Set(written.filter((one) => one.typed).map((one) => one.form))) {
    show(written.filter((one) => one.form === form));
  }
}

function show(several) {
  const list = document.createElement("dl");
  for (const { label, words } of several) {
    const name = document.createElement("dt"), said = document.createElement("dd");
    name.textContent = label;
    said.textContent = words;
    said.dir = "auto";
    list.append(name, said);
  }
  const text = several.map(({ words }) => words).join("\n");
  const copy = button(say("Copy"), async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = say("Copied");
  });
  const one = document.createElement("div");
  const away = button(say("Put away"), () => {
    one.remove();
    section().hidden = !section().querySelector("dl");
  });
  const acts = document.createElement("div");
  acts.className = "acts";
  acts.append(...(navigator.clipboard ? [copy] : []), away);
  one.append(list, acts);
  section().append(one);
  section().hidden = false;
}

function button(label, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", pressed);
  return made;
}

const section = () => document.getElementById("typed");
