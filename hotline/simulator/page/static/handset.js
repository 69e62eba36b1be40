// One telephone on the page: its buttons, and what it shows.

import { act, Refused } from "./desk.js";
import { element, hide, list, press, set, text, toEnd } from "./dom.js";
import { counted } from "./segments.js";
import { beep } from "./sounds.js";
import { showTexts } from "./texts.js";

const KEYS = "0123456789*#";
const AFTER = { voicemail: 6, answers: 3 }; // seconds of ringing: short, as somebody is watching
const IDLE = {
  rings: "Ready",
  voicemail: "Voicemail box on",
  busy: "Busy",
  off: "Switched off",
  ignores: "Nobody hears it",
  answers: "Answers by itself",
};

// Make the buttons of a telephone work; `changed` is called when something was done.
export function connect(article, changed) {
  const { number } = article.dataset;
  const note = article.querySelector("[data-note]");
  const hold = async (action, body) => {
    try {
      await act(number, action, body);
      text(note, "");
    } catch (error) {
      text(note, error instanceof Refused ? plain(error.message, article) : "The phone network doesn’t answer.");
    }
    changed();
  };
  article.addEventListener("click", (event) => clicked(event, article, hold));
  article.addEventListener("keydown", (event) => typed(event, article, hold));
  article.addEventListener("submit", (event) => submitted(event, article, hold));
  article.addEventListener("input", () => count(article));
  article.querySelector("[data-sms]").addEventListener("change", (event) => hold("behaves", { sms: event.target.value }));
  article.querySelector("[data-behaviour]").addEventListener("change", (event) => {
    const behaviour = event.target.value;
    hold("behaves", { behaviour, ...(behaviour in AFTER && { after: AFTER[behaviour] }) });
  });
}

// The control desk speaks of numbers; the page knows whose they are.
function plain(words, article) {
  return words.replace(article.dataset.number, article.querySelector("h3").textContent);
}

function clicked(event, article, hold) {
  const button = event.target.closest("button");
  if (!button) return;
  const { key, act: action, reply } = button.dataset;
  if (key) pressKey(key, article, hold);
  else if (action === "calls") {
    hold("calls", { to: document.body.dataset.line, withheld: "withheld" in article.dataset });
  } else if (action) hold(action);
  else if (reply) hold("texts", { to: document.body.dataset.line, body: reply });
  else if ("picture" in button.dataset) {
    const field = button.form.querySelector("input");
    hold("texts", { to: document.body.dataset.line, body: field.value.trim(), media: ["picture.jpg"] });
    field.value = "";
    count(article);
  } else if (button.dataset.view) view(article, button.dataset.view);
  else if ("more" in button.dataset) open(article, button.getAttribute("aria-expanded") !== "true");
}

function typed(event, article, hold) {
  const writing = event.target.closest("input, select, textarea");
  if (writing || event.ctrlKey || event.metaKey || event.altKey || !KEYS.includes(event.key)) return;
  if (article.dataset.mode !== "talking") return;
  event.preventDefault();
  pressKey(event.key, article, hold);
}

function pressKey(key, article, hold) {
  beep(key);
  const button = article.querySelector(`[data-key="${key}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 160);
  if (article.dataset.mode === "talking") hold("presses", { keys: key });
}

function submitted(event, article, hold) {
  event.preventDefault();
  const form = event.target;
  const field = form.querySelector("input");
  const words = field.value.trim();
  if (!words) return;
  field.value = "";
  count(article);
  if (form.dataset.form === "says") hold("says", { words });
  else hold("texts", { to: document.body.dataset.line, body: words });
}

// How long the text is that is being written.
function count(article) {
  const words = article.querySelector("[data-form=texts] input").value.trim();
  const line = article.querySelector("[data-count]");
  hide(line, !words);
  text(line, words ? counted(words) : "");
}

export function view(article, wanted) {
  for (const button of article.querySelectorAll("[data-view]")) press(button, button.dataset.view === wanted);
  for (const pane of article.querySelectorAll("[data-pane]")) hide(pane, pane.dataset.pane !== wanted);
  for (const box of article.querySelectorAll(".thread, .lines")) toEnd(box);
}

export function open(article, wanted) {
  article.classList.toggle("open", wanted);
  set(article.querySelector("[data-more]"), "aria-expanded", String(wanted));
}

// Show what the telephone shows now.
export function show(article, handset) {
  const talking = handset.mode === "talking";
  const together = talking && handset.company.length > 0;
  const came = article.dataset.mode !== handset.mode;
  set(article, "data-mode", handset.mode);
  article.classList.toggle("together", together);
  article.dataset.since = handset.since ?? "";
  const select = article.querySelector("[data-behaviour]");
  if (document.activeElement !== select) select.value = handset.behaviour;
  const fate = article.querySelector("[data-sms]");
  if (document.activeElement !== fate && handset.sms) fate.value = handset.sms;
  showControls(article, handset);
  showWords(article, handset);
  showTexts(article, handset);
  if (article.dataset.kind === "caller" && came && handset.mode === "ringing") view(article, "phone");
  if (came && talking && article.contains(document.activeElement)) article.scrollIntoView({ block: "nearest" });
}

function showWords(article, handset) {
  const { mode, behaviour, status, lines } = handset;
  const caller = article.dataset.kind === "caller";
  const idle = mode === "idle" || mode === "gone";
  const rest = idle && caller && lines.length > 0 && behaviour === "rings" ? "Call ended" : IDLE[behaviour];
  const now = idle ? (status || rest) : status;
  if (caller) text(article.querySelector("[data-status]"), mode === "ringing" ? `Ringing: ${small(status)}` : now);
  else {
    const short = { ringing: "Ringing", talking: "In a call", dialling: "Calling" };
    text(article.querySelector("[data-state]"), short[mode] ?? now);
    text(article.querySelector("[data-status]"), status);
    hide(article.querySelector("[data-status-line]"), idle);
  }
  const box = article.querySelector(".lines");
  const shown = idle && !caller ? [] : mode === "ringing" || mode === "dialling" ? [] : lines;
  hide(box, shown.length === 0);
  hide(article.querySelector("[data-hint]"), shown.length > 0 || mode !== "idle");
  const came = list(box, shown, makeLine);
  mark(box, handset);
  if (came) toEnd(box);
}

function small(words) {
  return words.replace(/^The /, "the ");
}

function makeLine(line) {
  const item = element("li", line.kind);
  const who = line.kind === "pressed" ? "You pressed " : `${line.who}: `;
  item.append(element("span", "who", who), element("span", "words", line.text));
  if (line.language) item.lang = line.language;
  return item;
}

// The newest sentence of the other side stands out, and is alive while it is being spoken.
function mark(box, handset) {
  const machines = handset.company.length > 0 ? ".line" : ".none"; // its last words are stale by then
  const heard = [...box.children].filter((item) => !item.matches(`.own, .pressed, ${machines}`)).at(-1);
  for (const item of box.children) {
    item.classList.toggle("latest", item === heard && handset.mode === "talking");
    item.classList.toggle("spoken", item === heard && handset.hears !== "");
  }
}

function showControls(article, handset) {
  const { mode } = handset;
  const talking = mode === "talking" && !handset.machine;
  const box = article.querySelector(".controls");
  const focused = document.activeElement;
  const calls = box.querySelector("[data-act=calls]");
  if (calls) hide(calls, mode !== "idle");
  hide(box.querySelector("[data-act=answer]"), mode !== "ringing" || !handset.held);
  hide(box.querySelector("[data-act=decline]"), mode !== "ringing" || !handset.held);
  hide(box.querySelector("[data-act=hangs_up]"), !(talking || mode === "dialling"));
  // The next button in the same place does something else: it shan't be pressed by mistake.
  if (box.contains(focused) && focused.hidden) article.focus({ preventScroll: true });
  showSpeech(article, handset, talking);
  for (const keys of article.querySelectorAll("[data-keys]")) hide(keys, !talking);
  hide(article.querySelector("[data-star]"), handset.company.length === 0);
  if (article.dataset.kind === "staff") return;
  for (const key of article.querySelectorAll(".keypad .key")) set(key, "aria-disabled", String(!talking));
}

function showSpeech(article, handset, talking) {
  const form = article.querySelector("[data-form=says]");
  hide(form, !talking);
  const names = handset.status.replace("Talking with ", "").split(" and ").map((name) => name.split(" ")[0]);
  const other = handset.company.length > 0 ? ` to ${names.join(" and ")}` : "";
  set(form.querySelector("input"), "placeholder", `Say something${other}…`);
}
