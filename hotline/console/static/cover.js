// Covering a page that nobody touches, when the server can't be asked for one without people; and keeping what was
// half written on it, which is given back to the page when its owner unlocks it, or signs in anew after their session.

import { fieldsOf, isHalfWritten as isWrittenOn, keepWords, putBack } from "./typed.js";
import { say } from "./say.js";

let kept = [];

export function takeFields(root) {
  kept.push(...fieldsOf(root));
}

// Whether anything is half written, on the page or among what was taken from it.
export const isHalfWritten = (root) => kept.some((one) => one.written) || isWrittenOn(root);

export const forget = () => { kept = []; };

export function giveBack(root) {
  keepWords(putBack(root, kept));
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
