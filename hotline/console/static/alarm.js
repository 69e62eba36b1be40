// A sound and a notification for emergencies. The sound is made here; browsers allow it after a first touch, so
// until it runs a large button asks for that touch.

import { say } from "./say.js";

const AGAIN_AFTER = 20000;
const SETTLES = 600;
const KEPT = "hotline.sound";
let wanted = localStorage.getItem(KEPT) !== "off";
let audio = null;
let rang = 0;

export function prepare(sound, silent, notifies, trial, told) {
  const shown = () => show(sound, silent);
  const start = () => unlock(shown).then(shown);
  sound.addEventListener("click", () => { keep(false); audio?.suspend().then(shown); shown(); });
  silent.addEventListener("click", () => { keep(true); start().then(() => chime(0.4)); });
  for (const touch of ["pointerdown", "keydown"]) {
    addEventListener(touch, (event) => {
      if (wanted && !sound.contains(event.target)) start();
    });
  }
  if (wanted) start();
  setTimeout(shown, SETTLES);
  offer(notifies);
  trial.hidden = false;
  trial.addEventListener("click", () => unlock(shown).then(() => told(tried(), audible())));
}

function keep(on) {
  wanted = on;
  localStorage.setItem(KEPT, on ? "on" : "off");
}

export function ring(emergencies, fresh, danger) {
  if (emergencies === 0) rang = 0;
  const due = emergencies > 0 && (fresh > 0 || Date.now() - rang >= AGAIN_AFTER);
  if (audible() && (due || danger)) {
    rang = Date.now();
    chime(1);
  }
  if (fresh > 0) tell();
}

const audible = () => wanted && audio !== null && audio.state === "running";

async function unlock(changed) {
  if (!audio) {
    audio = new AudioContext();
    audio.addEventListener("statechange", changed);
  }
  if (audio.state !== "running") await audio.resume();
}

function show(sound, silent) {
  const on = audible();
  sound.hidden = !on;
  silent.hidden = on;
}

// The sound and the notification as they are in an emergency; returns what should have come of it.
function tried() {
  if (audible()) chime(1);
  const notified = notify(say("This is a try"), say("An emergency shows itself like this."), "try");
  const heard = audible() ? say("Did you hear two falling notes, three times?") : say("The sound is off: switch it on first.");
  return `${heard} ${notified ? say("And did a notification come up?") : say("Notifications are not allowed in this browser.")}`;
}

// Two falling notes, three times: heard across a room, and not mistaken for a telephone.
function chime(volume) {
  const begin = audio.currentTime + 0.02;
  for (let beat = 0; beat < 6; beat++) {
    const note = audio.createOscillator(), gain = audio.createGain(), at = begin + beat * 0.22;
    note.type = "triangle";
    note.frequency.value = beat % 2 ? 659 : 880;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.3 * volume, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
    note.connect(gain).connect(audio.destination);
    note.start(at);
    note.stop(at + 0.21);
  }
}

function offer(button) {
  if (!("Notification" in window) || Notification.permission !== "default") return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await Notification.requestPermission();
    button.hidden = Notification.permission !== "default";
  });
}

// It may be seen by whoever passes the screen: it says that, and not who.
function tell() {
  notify(say("Emergency waiting"), say("Open the board to accept it."), "emergency");
}

function notify(title, body, tag) {
  if (!("Notification" in window) || Notification.permission !== "granted") return false;
  try {
    new Notification(title, { body, tag });
    return true;
  } catch {
    // Some phones allow this to installed apps only; the sound and the page remain.
    return false;
  }
}
