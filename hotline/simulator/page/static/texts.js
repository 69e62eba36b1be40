// The texts of one telephone, and how many of them nobody has looked at yet.

import { element, hide, list, text, toEnd } from "./dom.js";

const read = new Map();

export function showTexts(article, handset) {
  const box = article.querySelector(".thread");
  const came = list(box, handset.texts, makeText, (item, one) => text(item.querySelector(".mark"), one.mark));
  if (came) toEnd(box);
  hide(box, handset.texts.length === 0);
  hide(article.querySelector("[data-none]"), handset.texts.length > 0);
  hide(article.querySelector("[data-blocked]"), !handset.blocked);
  preview(article, handset.texts);
  const recorded = article.querySelector("[data-recorded]");
  if (recorded) {
    hide(recorded, !handset.recorded?.length);
    text(recorded, `In the voicemail box: ${handset.recorded?.map((one) => `“${one}”`).join(" ")}`);
  }
  badge(article, handset.texts.filter((one) => one.way === "in").length);
}

function makeText(one) {
  const item = element("li", one.way);
  const words = element("p", "body", one.body);
  const who = element("span", "aside", { in: "Received: ", out: "Sent: ", lost: "Never arrived: " }[one.way]);
  words.prepend(who);
  item.append(words, element("span", "mark"));
  return item;
}

function preview(article, texts) {
  const newest = texts.findLast((one) => one.way === "in");
  text(article.querySelector("[data-preview]"), newest ? newest.body : "none yet");
}

// A text counts as read once its thread was on the screen; so does what was there before the page was.
function badge(article, received) {
  const { number } = article.dataset;
  const details = article.querySelector("[data-texts]");
  const open = details ? details.open : !article.querySelector("[data-pane=texts]").hidden && !article.hidden;
  if (open || !read.has(number)) read.set(number, received);
  const unread = Math.max(received - read.get(number), 0);
  article.classList.toggle("news", unread > 0);
  const chooser = document.querySelector(`[data-caller="${number}"] [data-unread]`);
  for (const place of [article.querySelector("[data-unread]"), chooser]) {
    if (!place) continue;
    text(place, unread ? `${unread}` : "");
    place.setAttribute("aria-label", `${unread} new`);
    hide(place, unread === 0);
  }
}
