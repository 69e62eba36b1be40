// Countdowns and waits tick here, by the server's clock; the server draws the same words.

import { say, sayMany } from "./say.js";

const URGENT = 5 * 60, HOUR = 3600;
let ahead = 0;

export const now = () => Date.now() + ahead;

export function setClock(serverNow) {
  if (serverNow > 0) ahead = serverNow - Date.now();
}

export function left(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  const two = (number) => String(number).padStart(2, "0");
  if (whole < HOUR) return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
  return say("%(hours)s h %(minutes)s min", { hours: Math.floor(whole / HOUR), minutes: two(Math.floor((whole % HOUR) / 60)) });
}

export function wait(seconds) {
  const ofMinutes = (number) => sayMany("%(num)s minute", "%(num)s minutes", number);
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes < 1) return say("less than a minute");
  if (minutes < 60) return ofMinutes(minutes);
  const hours = Math.floor(minutes / 60), rest = minutes % 60;
  if (hours < 24) return sayMany("%(num)s hour", "%(num)s hours", hours) + (rest ? ` ${ofMinutes(rest)}` : "");
  return sayMany("%(num)s day", "%(num)s days", Math.floor(hours / 24));
}

const write = (element, words) => {
  if (element && element.textContent !== words) element.textContent = words;
};

export function tick(root) {
  for (const element of root.querySelectorAll("[data-until]")) {
    const seconds = (Number(element.dataset.until) - now()) / 1000;
    const card = element.closest("[data-tone]"), words = card.querySelector("[data-until-words]");
    // Until a try that is planned, or else until what is promised: only that can be late.
    const planned = words?.dataset.untilWords;
    write(element, left(seconds));
    write(words, seconds > 0 ? planned || say("left") : planned ? say("due for") : say("late by"));
    if (!planned) card.dataset.tone = seconds <= 0 ? "late" : seconds <= URGENT ? "soon" : "calm";
  }
  for (const element of root.querySelectorAll("[data-since]")) {
    write(element, wait((now() - Number(element.dataset.since)) / 1000));
  }
}
