// The page with everybody's telephones: asks for the news, shows them, and says so when there are none.

import { news } from "./desk.js";
import { element, hide, list, press, text } from "./dom.js";
import { connect, open, show } from "./handset.js";
import { showLog } from "./log.js";
import { ring, sounds } from "./sounds.js";
import { connectTries, showTries, since } from "./tries.js";
import { aloud, canSpeak, listenTo, speak } from "./voice.js";

const EVERY = 400;
const EVERY_UNSEEN = 2000;
const articles = new Map([...document.querySelectorAll("[data-number]")].map((one) => [one.dataset.number, one]));
const choosers = [...document.querySelectorAll("[data-caller]")];

let latest = null;
let version = "";
let ahead = 0; // milliseconds by which the simulator's clock is ahead of the browser's
let failures = 0;
let timer = null;
let asking = false;
let askAgain = false;
let current = choosers[0]?.dataset.caller;

async function ask() {
  clearTimeout(timer);
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  try {
    const fresh = await news(version, since());
    failures = 0;
    hide(document.getElementById("gone"), true);
    document.body.classList.remove("lost");
    if (fresh) take(fresh);
  } catch {
    failures += 1;
    if (failures > 1) lose();
  }
  asking = false;
  timer = setTimeout(ask, askAgain ? 0 : document.hidden ? EVERY_UNSEEN : EVERY);
  askAgain = false;
}

function take(fresh) {
  latest = fresh;
  version = fresh.version;
  ahead = new Date(fresh.now) - Date.now();
  for (const [number, article] of articles) show(article, fresh.handsets[number]);
  followTheRinging();
  showTries(fresh.tries);
  showLog(fresh);
  showRinging();
  speak(fresh.handsets[current]);
  tick();
}

function lose() {
  const words = "The phone network has stopped. Start the demo again: this page will go on by itself.";
  text(document.getElementById("gone"), words);
  hide(document.getElementById("gone"), false);
  document.body.classList.add("lost");
  version = "";
  ring(false);
}

// -- which caller is on the screen

function choose(number) {
  current = number;
  for (const button of choosers) {
    press(button, button.dataset.caller === number);
    hide(articles.get(button.dataset.caller), button.dataset.caller !== number);
  }
  listenTo(latest?.handsets[number]);
}

// Who is called back is shown, unless somebody is busy with another caller's phone.
function followTheRinging() {
  const { handsets } = latest;
  for (const button of choosers) button.classList.toggle("ringing", handsets[button.dataset.caller].mode === "ringing");
  if (handsets[current].mode !== "idle" || articles.get(current).contains(document.activeElement)) return;
  const rung = choosers.find((button) => handsets[button.dataset.caller].mode === "ringing");
  if (rung && rung.dataset.caller !== current) choose(rung.dataset.caller);
}

// -- what rings elsewhere on a small screen

const inView = new Set();
const watcher = new IntersectionObserver((entries) => {
  for (const one of entries) inView[one.isIntersecting ? "add" : "delete"](one.target.dataset.number);
  if (latest) showRinging();
}, { threshold: 0.5 });
for (const article of articles.values()) watcher.observe(article);

function showRinging() {
  const ringing = [...articles].filter(([number]) => latest.handsets[number].mode === "ringing");
  ring(ringing.length > 0);
  const bar = document.getElementById("ringbar");
  const away = ringing.filter(([number, article]) => !inView.has(number) && !article.hidden);
  list(bar, away.slice(0, 1).map(([number, article]) => ({ id: number, article })), ({ article }) => {
    const link = element("a", "button", `${article.querySelector("h3").textContent}’s phone is ringing: show it`);
    link.href = `#${article.id}`;
    return link;
  });
  hide(bar, away.length === 0);
  const names = ringing.map(([, article]) => article.querySelector("h3").textContent);
  text(document.querySelector("title"), names.length ? `☎ ${names.join(", ")} - Pretend phones` : "Pretend phones");
}

// -- clocks and switches

function tick() {
  for (const article of articles.values()) {
    const began = article.dataset.since;
    const seconds = began ? Math.max(0, Math.floor((Date.now() + ahead - new Date(began)) / 1000)) : 0;
    text(article.querySelector("[data-clock]"), began ? clock(seconds) : "");
  }
}

function clock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function connectSwitch(name, initially, use) {
  const button = document.querySelector(`[data-toggle=${name}]`);
  const kept = localStorage.getItem(name);
  const apply = (on) => {
    press(button, on);
    use(on);
  };
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    localStorage.setItem(name, String(on));
    apply(on);
  });
  hide(button, false);
  apply(kept === null ? initially : kept === "true");
}

for (const article of articles.values()) {
  connect(article, ask);
  article.querySelector("[data-texts]")?.addEventListener("toggle", () => latest && show(article, latest.handsets[article.dataset.number]));
}
for (const button of choosers) button.addEventListener("click", () => choose(button.dataset.caller));
connectSwitch("sounds", true, sounds);
if (canSpeak) connectSwitch("aloud", false, (on) => aloud(on, latest?.handsets[current]));
connectTries(() => latest?.now ?? "", () => { version = ""; ask(); });
document.addEventListener("visibilitychange", ask);
setInterval(tick, 1000);
addEventListener("hashchange", () => {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.matches(".staff")) open(target, true);
});
ask();
