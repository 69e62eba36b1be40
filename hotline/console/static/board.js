// Keeps the board up to date: asks for what is new, so that it is seen within two seconds, and swaps it in.

import { prepare, ring } from "./alarm.js";
import { now, setClock, tick } from "./countdown.js";
import "./insight.js";
import "./lengths.js";
import { morph } from "./morph.js";
import { say, sayMany } from "./say.js";
import { forget, giveBack, isHalfWritten, strip, takeFields } from "./cover.js";
import { comeBack, standOn, startle, whereItIs } from "./focus.js";
import { fieldsOf, hasArrived, keepWords, rescue } from "./typed.js";

const $ = (id) => document.getElementById(id);
const main = document.querySelector("main[data-live]");
const { signIn, zone } = main.dataset;
const title = document.title;
// Where nothing happens a page looks a little less often; where much does, a board may be half a second old when it comes.
// A server that is lost is told of within five seconds: the pause before a look, and our patience with it.
const CALM = 1600, LIVELY = 1400, LIVELY_FOR = 10000, PATIENCE = 3000, SENDS_FOR = 10000, WARNING = 60;

let etag = `"${main.dataset.etag}"`;
let metronome = null, pace = CALM, livelyUntil = 0;
let waiting = Number(main.dataset.waiting);
let asking = false, resting = 0, lost = 0, sought = 0;
let good = Date.now();
let touched = false, pressing = false;
let idleEnds = Infinity;
const wasLockedAtOnce = "locked" in main.dataset;
let locked = wasLockedAtOnce;
let over = false;

// --- asking ------------------------------------------------------------------------------------------------------

async function ask() {
  if (asking || resting-- > 0) return;
  asking = true;
  const wasTouched = touched, wanted = sought;
  touched = false;
  try {
    const headers = { "X-Board": "1", "If-None-Match": etag };
    if (wasTouched) headers["X-Touched"] = "1";
    const lasts = new AbortController(), { signal } = lasts;
    let ends = setTimeout(() => lasts.abort(), PATIENCE);
    try {
      const answer = await fetch(main.dataset.live, { headers, cache: "no-store", redirect: "error", signal });
      clearTimeout(ends);
      ends = setTimeout(() => lasts.abort(), SENDS_FOR);  // what is long on its way isn't lost
      await heard(answer);
    } finally {
      clearTimeout(ends);
    }
    if (sought !== wanted) etag = "";
  } catch {
    touched ||= wasTouched;
    failed(say("Connection lost."));
  } finally {
    asking = false;
  }
}

// Something else is looked for from now on.
main.addEventListener("sought", askAnew);

// What was just done must be seen: the page as it is now, and not as it was a moment ago.
function askAnew() {
  etag = "";
  sought++;
  resting = 0;
  ask();
}

async function heard(answer) {
  if (answer.status === 401) return leave();
  if (answer.status === 403) return notTheirs();
  if (answer.status !== 200 && answer.status !== 304) return failed(await wordsOf(answer));
  if (over && answer.headers.get("X-Person") !== main.dataset.person) return somebodyElse();
  setClock(Number(answer.headers.get("X-Now")));
  const idle = answer.headers.get("X-Idle-Left");
  if (idle !== null) idleEnds = Date.now() + (Number(idle) + 1) * 1000;
  const shut = answer.headers.get("X-Locked") === "1";
  if (answer.status === 200) {
    const text = await answer.text();
    await untilReleased();
    turn(text, shut);
    livelyUntil = Date.now() + LIVELY_FOR;
    etag = answer.headers.get("ETag");
  }
  hearOfEmergencies(Number(answer.headers.get("X-Emergencies")));
  recovered();
}

const wordsOf = async (answer) => {
  try {
    return (await answer.json()).said;
  } catch {
    return say("The board can't be reached. Callers are still being answered. Retrying.");
  }
};

// A card must not move away under a finger that is on its way up.
const untilReleased = async () => {
  for (let tries = 0; pressing && tries < 20; tries++) await new Promise((go) => setTimeout(go, 100));
};

function failed(words) {
  resting = Math.min(lost++, 2);
  $("pulse").dataset.state = "lost";
  const since = clock(good);
  const told = `${words} ${say("Last good update at %(time)s; retrying. What you see may be out of date.", { time: since })}`;
  if ($("lost").textContent !== told) $("lost").textContent = told;
  $("pulse-words").textContent = say("Lost at %(time)s", { time: since });
}

function recovered() {
  good = now();
  lost = resting = 0;
  $("lost").textContent = "";
  $("pulse").dataset.state = "live";
  $("pulse-words").textContent = say("Live %(time)s", { time: clock(good) });
}

function clock(at) {
  const form = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: zone };
  return new Intl.DateTimeFormat("en-GB", form).format(at);
}

// It went to somebody else while it was open here: what it says isn't true any more, and not theirs to see.
function notTheirs() {
  resting = Infinity;
  const said = document.createElement("p");
  said.className = "empty";
  said.setAttribute("role", "status");
  said.textContent = `${say("This is no longer yours, and nothing more of it is shown here. Who has it stands on the board.")} `;
  const back = document.createElement("a");
  back.href = "/board";
  back.textContent = say("Back to the board");
  said.append(back);
  keepWords(fieldsOf($("live")));
  const wasHere = whereItIs();
  $("live").replaceChildren(said);
  if (wasHere) main.focus({ preventScroll: true });
}

// The session is over. Where something is half written, this page is covered, and waits for its owner to sign in anew in
// another tab; else it goes to sign in itself.
function leave() {
  if (over) return void (resting = 2);
  if (!isHalfWritten(main)) {
    main.replaceChildren();
    return location.assign(signIn);
  }
  over = true;
  cover();
  $("lock").hidden = true;
  $("over").hidden = false;
  $("over-heading").focus({ preventScroll: true });
}

// Whoever signs in now in this browser isn't who wrote here: nothing of it is theirs.
function somebodyElse() {
  forget();
  location.assign("/board");
}

// The forms that came with the former session must be sent with what proves the new one.
function cameBack() {
  over = false;
  $("over").hidden = true;
  const fresh = main.querySelector("input[name='csrf_token']")?.value;
  if (!fresh) return location.reload();
  for (const one of document.querySelectorAll("input[name='csrf_token']")) one.value = fresh;
}

// --- what has changed --------------------------------------------------------------------------------------------

function update(html, turned = false) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("live");
  if (!fresh) return;
  const before = news(), where = whereItIs();
  const written = locked || turned ? [] : fieldsOf($("live"));
  morph($("live"), fresh);
  rescue($("live"), written);
  tick(main);
  asksOfDays();
  const gone = comeBack(where);
  if (gone && !turned) tellGone(gone);
  announce(before, news(), turned);
}

const news = () => new Map([...main.querySelectorAll("[data-news]")].map((card) => [card.id, card.dataset.news]));

// When the page was locked or unlocked, nothing has happened but what nobody saw before: a new emergency.
function announce(before, after, turned) {
  const emergency = ([id]) => $(id).dataset.emergency !== undefined;
  const differs = ([id, words]) => (turned ? emergency([id]) && !before.has(id) : before.get(id) !== words);
  const changed = [...after].filter((one) => one[1] && differs(one));
  const fresh = changed.filter(([id]) => !before.has(id));
  for (const [id] of fresh) $(id).classList.add("fresh");
  // What may be danger in a text that somebody has is told and heard like an emergency, once for each new message.
  const danger = (one) => !turned && $(one[0]).dataset.danger !== undefined;
  const alarms = (one) => emergency(one) || danger(one);
  speak("news", after, changed.filter((one) => !alarms(one)));
  speak("alarm-news", after, changed.filter(alarms), fresh.some(emergency) ? `${say("New emergency.")} ` : "");
  sound(fresh.filter(emergency).length, changed.some(danger));
}

// What was told aloud stands there to be read again, as long as it is so.
const told = new Map();

function speak(where, after, changed, first = "") {
  if (changed.length) {
    told.set(where, changed);
    $(where).textContent = first + changed.map(([, words]) => words).join(". ");
  } else if (told.has(where) && !told.get(where).some(([id, words]) => after.get(id) === words)) {
    told.delete(where);
    $(where).replaceChildren();
  }
}

// The alarm is the same on pages that list no emergencies: how many wait comes with each answer.
const listsThem = () => "lists" in $("live").dataset;

function hearOfEmergencies(wait) {
  const fresh = Math.max(0, wait - waiting);
  waiting = wait;
  tellOfEmergencies();
  if (!listsThem()) sound(fresh);
}

function tellOfEmergencies() {
  const words = waiting && !listsThem() ? sayMany("An emergency waits on the board", "%(num)s emergencies wait on the board", waiting) : "";
  if ($("waits").textContent === words) return;
  const there = document.createElement("a");
  there.href = "/board";
  there.textContent = words;
  $("waits").replaceChildren(...(words ? [there] : []));
}

function sound(fresh, danger = false) {
  const open = listsThem() ? main.querySelectorAll("[data-emergency='open']").length : waiting;
  ring(open, fresh, danger);
  document.title = open ? `${sayMany("(%(num)s emergency)", "(%(num)s emergencies)", open)} ${title}` : title;
}

// What was folded away takes the focus with it: it goes to what unfolds that again.
function fold(details) {
  const inside = details?.contains(document.activeElement);
  details?.removeAttribute("open");
  if (inside) details.querySelector("summary").focus({ preventScroll: true });
}

// What the keyboard was on has gone: why, for whoever has not done it themselves.
function tellGone({ id }) {
  if (id === doneTo) return;
  const why = main.querySelector(`[data-was="${id}"]`)?.dataset.why || say("It doesn't stand on this page any more.");
  tell(`${say("What you were on has gone.")} ${why}`, true);
  startle();
}

// --- what is done ------------------------------------------------------------------------------------------------

let quietUntil = 0, doneTo = null;

async function send(form, button) {
  doneTo = form.closest(".card[id], li[id]")?.id;
  button.setAttribute("aria-busy", "true");
  try {
    const signal = AbortSignal.timeout(SENDS_FOR);
    const sent = { method: "POST", body: new FormData(form), headers: { "X-Board": "1" }, redirect: "error", signal };
    const answer = await fetch(form.action, sent);
    if (answer.status === 401) return leave();
    const { said, good: well, at, link } = await answer.json();
    tell(said, well, at, link);
    if (well) hasArrived(form);
    else doneTo = null;
    form.dispatchEvent(new CustomEvent("done", { bubbles: true, detail: { good: well } }));
    if (well) fold(form.closest("details:not([data-stays])"));
    if (well && form.matches(".outcome, [data-note]")) form.reset();
  } catch {
    tell(say("That may not have arrived: the connection was lost. Look at the board before you try again."), false);
  } finally {
    button.removeAttribute("aria-busy");
    quietUntil = Date.now() + 600;
    askAnew();
  }
}

let fading = 0;

// `at`: where something is to be done about it; the link to there stands longer.
function tell(words, well, at, link) {
  const line = document.createElement("p");
  line.className = `said ${well ? "good" : "bad"}`;
  line.textContent = words;
  if (at) {
    const there = document.createElement("a");
    there.href = at;
    there.textContent = link;
    line.append(" ", there);
  }
  $("said").replaceChildren(line);
  clearTimeout(fading);
  fading = setTimeout(() => $("said").replaceChildren(), well && !at ? 6000 : 12000);
}

// "Yes, it was then" is asked once a day is written that isn't to come.
function asksIfPast(form) {
  const label = form.querySelector("[data-past]"), day = form.elements.starts?.value.slice(0, 10);
  if (label) label.hidden = !day || day > new Date(now()).toLocaleDateString("sv");
}

function asksOfDays() {
  for (const form of main.querySelectorAll("form")) asksIfPast(form);
}

asksOfDays();
main.addEventListener("input", (event) => { if (event.target.name === "starts") asksIfPast(event.target.form); });

main.addEventListener("submit", (event) => {
  // What only asks goes to its own address, as without this script.
  if (event.target.matches("[data-plain]") || event.target.method === "get") return;
  event.preventDefault();
  const button = event.submitter || event.target.querySelector("button.main, button");
  // A second press of the same key must not fall on the button that has come in the first one's place.
  if (Date.now() < quietUntil || button.getAttribute("aria-busy")) return;
  send(event.target, button);
});

// What is asked with an outcome is asked only where it was chosen: a time, a place, a reason.
const asksWith = (form, chosen) => {
  for (const one of form.querySelectorAll("[data-for]")) one.hidden = one.dataset.for !== chosen;
};
main.addEventListener("change", (event) => {
  if (event.target.matches("[data-outcome]")) asksWith(event.target.form, event.target.value);
});
main.addEventListener("reset", (event) => asksWith(event.target, ""));

// --- who is there ------------------------------------------------------------------------------------------------

for (const name of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
  addEventListener(name, () => { touched = true; }, { passive: true });
}
addEventListener("pointerdown", () => { pressing = true; });
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { pressing = false; });
// A page fetched back from memory may show what its reader may not see any more.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// "/" is for searching: the field, here or on the page of Search. Like all letters it can be switched off, on the board.
addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || locked) return;
  if (localStorage.getItem("hotline keys") === "off") return;
  const field = $("search-number"), way = $("to-search");
  if (!field && !way) return;
  event.preventDefault();
  if (field) field.focus();
  else way.click();
});

// The further pages close when somebody goes elsewhere, or says so.
const more = $("more");
const shutMore = (back) => {
  if (!more?.open) return;
  more.open = false;
  if (back) more.querySelector("summary").focus();
};
addEventListener("pointerdown", (event) => { if (!more?.contains(event.target)) shutMore(false); });
more?.addEventListener("focusout", (event) => { if (event.relatedTarget && !more.contains(event.relatedTarget)) shutMore(false); });
addEventListener("keydown", (event) => { if (event.key === "Escape") shutMore(more?.contains(document.activeElement)); });

function watchIdle() {
  const seconds = Math.ceil((idleEnds - Date.now()) / 1000);
  if (seconds <= 0 && !locked) cover();
  const soon = seconds <= WARNING && !touched && !locked;
  const told = soon ? say("This page locks within a minute: names and numbers are covered then. Move the pointer or press a key to stay.") : "";
  if ($("idle").textContent !== told) $("idle").textContent = told;
}

// --- the lock ----------------------------------------------------------------------------------------------------

// It is locked by the server, which sends nothing of people then; or here, if the server can't be asked.
function turn(html, shut) {
  if (locked && !shut && wasLockedAtOnce) return location.reload();
  const turned = shut !== locked;
  if (turned && shut) setAside();
  update(html, turned);
  if (!turned) return;
  show(shut);
  if (shut) return;
  if (over) cameBack();
  giveBack(main);
}

let stoodOn = null;

function setAside() {
  takeFields(main);
  stoodOn = whereItIs()?.place?.id;
}

function cover() {
  setAside();
  strip($("live"));
  show(true);
  etag = "";
  resting = 0;
}

function show(shut) {
  locked = shut;
  $("lock").hidden = !shut;
  $("typed").hidden = shut || !$("typed").querySelector("dl");
  for (const told of ["said", "news", "alarm-news"]) $(told).replaceChildren();
  $("unlock").value = "";
  $("lock-wrong").hidden = true;
  for (const skip of document.querySelectorAll(".skip")) skip.hidden = !document.querySelector(skip.hash);
  const there = stoodOn && $(stoodOn);
  if (!shut && !(there && standOn(there))) main.focus({ preventScroll: true });
}

// A passkey has opened it in its place: the next look brings the page back.
$("lock").addEventListener("unlocked", () => {
  resting = 0;
  ask();
});

$("lock").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter || event.target.querySelector("button");
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  let told = say("The connection was lost. Try once more.");
  try {
    const signal = AbortSignal.timeout(SENDS_FOR);
    const sent = { method: "POST", body: new FormData(event.target), headers: { "X-Board": "1" }, redirect: "error", signal };
    const answer = await fetch(event.target.action, sent);
    if (answer.status === 401) return leave();
    told = answer.ok ? "" : (await answer.json()).said;
  } catch {
    // Said below.
  } finally {
    button.removeAttribute("aria-busy");
  }
  $("lock-wrong").textContent = told;
  $("lock-wrong").hidden = !told;
  $("unlock").value = "";
  if (told) return $("unlock").focus();
  if (wasLockedAtOnce) return location.reload();
  etag = "";
  resting = 0;
  ask();
});

// --- again and again ------------------------------------------------------------------------------------------------

function beat() {
  tick(main);
  watchIdle();
  sound(0);
  const wanted = Date.now() < livelyUntil ? LIVELY : CALM;
  if (wanted !== pace) metronome?.postMessage(pace = wanted);
}

setClock(Number($("live").dataset.now));
prepare($("sound"), $("silent"), $("notify"), $("try-alarm"), tell);
if ($("said").children.length) fading = setTimeout(() => $("said").replaceChildren(), 8000);
try {
  metronome = new Worker(new URL("metronome.js", import.meta.url));
  metronome.addEventListener("message", ({ data }) => (data === "look" ? ask() : beat()));
} catch {
  setInterval(beat, 1000);
  setInterval(ask, LIVELY);
}
tellOfEmergencies();
beat();
ask();
