// The admissions record: each answer is kept a moment after it was given, whatever is redrawn around it; nothing that
// somebody types is lost or written over. board.js keeps the page up to date.

import { say } from "./say.js";

const main = document.querySelector("main[data-live]");
const FIELD = "textarea, select, input[inputmode]";
const AFTER = 1500, AGAIN = 4000, PATIENCE = 8000;

// By place: `base`, what was kept when its present words began; `other`, what somebody else wrote there meanwhile.
const places = new Map();
let newest = { record: "", version: 0 };  // In which our last answers stand.
let timer = 0, sending = false, failing = false;

const form = () => main.querySelector("[data-record]");
const all = () => [...main.querySelectorAll("[data-record] [data-place]")];
const nameOf = (place) => place.dataset.place;
const valueOf = (place) => {
  const radios = place.querySelectorAll("input[type='radio']");
  if (radios.length) return [...radios].find((one) => one.checked)?.value || "";
  return place.querySelector(FIELD).value;
};
const alike = (one, other) => one.trim() === other.trim();

function setValue(place, value) {
  const radios = place.querySelectorAll("input[type='radio']");
  for (const one of radios) one.checked = one.value === value;
  if (!radios.length) place.querySelector(FIELD).value = value;
}

const isOlder = ({ record, version }) => record === newest.record && Number(version) < newest.version;

// What is kept has changed, or the page was redrawn: what nobody is writing here follows, the rest stays. A page that
// was drawn before the last answer was kept comes late, and takes nothing back.
function follow() {
  if (!form() || isOlder(form().dataset)) return warn();
  for (const place of all()) {
    const name = nameOf(place), kept = place.dataset.kept;
    if (!places.has(name)) places.set(name, { base: kept, other: null });
    const mine = places.get(name), value = valueOf(place);
    if (alike(value, kept)) Object.assign(mine, { base: kept, other: null });
    else if (alike(value, mine.base)) {
      setValue(place, kept);
      Object.assign(mine, { base: kept, other: null });
    }
    told(place, mine);
  }
  warn();
}

// Danger is told as soon as the answer is given, and not when it was kept and came back.
function warn() {
  const banner = main.querySelector("[data-warns]");
  if (!banner || !form()) return;
  const found = all().filter((place) => (place.dataset.danger || "").split(" ").includes(valueOf(place) || "-"));
  const words = found.map((place) => place.dataset.dangerWords).join(", "), told = banner.querySelector("[data-warns-of]");
  if (banner.hidden === Boolean(found.length)) banner.hidden = !found.length;
  if (found.length && told.textContent !== words) told.textContent = words;
}

function told(place, { other }) {
  const apart = place.querySelector("[data-apart]");
  apart.hidden = !other;
  if (!other || apart.dataset.words === `${other.who} ${other.words}`) return;
  apart.dataset.words = `${other.who} ${other.words}`;
  const said = document.createElement("p");
  said.textContent = say("%(who)s wrote %(words)s here meanwhile. What you typed is still here, and not kept yet.", other);
  apart.replaceChildren(said, choice(say("Keep mine"), place, "mine"), choice(say("Take theirs"), place, "theirs"));
  apart.setAttribute("role", "alert");
}

function choice(words, place, which) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words;
  button.addEventListener("click", () => {
    const name = nameOf(place), mine = places.get(name), now = all().find((one) => nameOf(one) === name);
    if (which === "theirs") setValue(now, mine.other.value);
    Object.assign(mine, { base: mine.other.value, other: null });
    told(now, mine);
    (now.querySelector("textarea, select, input:checked") || now).focus();
    soon(0);
  });
  return button;
}

// lengths.js has said so beside it. It keeps nothing else from being kept.
const isTooLong = (place) => Boolean(place.querySelector(FIELD)?.validity.customError);
const tooLong = () => all().some(isTooLong) ? say("One answer is too long: it is kept once it is shorter.") : "";

const changed = () => all().filter((place) => !isTooLong(place)).filter((place) => {
  const mine = places.get(nameOf(place));
  return mine && !mine.other && !alike(valueOf(place), mine.base);
});

function state(words, bad = false) {
  const line = main.querySelector("[data-record-state]");
  if (!line || line.textContent === words) return;
  line.textContent = words;
  line.classList.toggle("warn", bad);
}

function soon(after = AFTER) {
  clearTimeout(timer);
  timer = setTimeout(send, after);
}

async function send(last = false) {
  const theirs = changed();
  if (form() && !theirs.length && tooLong()) state(tooLong(), true);
  if (!form() || !theirs.length || (sending && !last)) return;
  const body = new FormData(), sent = new Map();
  body.set("csrf_token", form().elements.namedItem("csrf_token").value);
  for (const place of theirs) {
    sent.set(nameOf(place), valueOf(place));
    body.set(nameOf(place), valueOf(place));
    body.set(`was-${nameOf(place)}`, places.get(nameOf(place)).base);
  }
  sending = true;
  state(say("Keeping…"));
  try {
    const how = { method: "POST", body, headers: { "X-Board": "1" }, redirect: "error", keepalive: last };
    if (!last) how.signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(form().action, how);
    if (!answer.ok) throw new Error(await words(answer));
    heard(await answer.json(), sent);
  } catch (lost) {
    failing = true;
    state(`${say("Not kept yet. It stays here, and is tried again.")} ${lost.message}`.trim(), true);
    soon(AGAIN);
  } finally {
    sending = false;
  }
}

const words = async (answer) => {
  try {
    return (await answer.json()).said;
  } catch {
    return "";
  }
};

function heard({ said, kept, others, record, version }, sent) {
  if (!kept) return state(said, true);
  if (!isOlder({ record, version })) newest = { record, version };
  for (const place of all().filter((one) => sent.has(nameOf(one)))) {
    const name = nameOf(place), mine = places.get(name), other = others[name];
    if (other) mine.other = { ...other, value: kept[name] };
    else mine.base = kept[name];
    place.dataset.kept = kept[name];
    told(place, mine);
  }
  failing = false;
  const apart = Object.keys(others).length;
  const at = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: main.dataset.zone });
  const standing = [say("Kept at %(time)s.", { time: at.format(new Date()) }), said, tooLong()].filter(Boolean).join(" ");
  state(apart ? say("One answer was written by two people: choose which holds.") : standing, Boolean(apart || tooLong()));
  if (changed().length) soon();
}

main.addEventListener("input", (event) => { if (event.target.closest("[data-place]")) soon(); });
main.addEventListener("change", (event) => {
  if (!event.target.closest("[data-place]")) return;
  warn();
  soon(0);
});
main.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-record]")) return;
  event.preventDefault();
  soon(0);
  if (!changed().length && !failing) state(tooLong() || say("Everything is kept."), Boolean(tooLong()));
}, true);
addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(true); });
new MutationObserver(follow).observe(main, { childList: true, subtree: true, attributeFilter: ["data-kept"] });
follow();
