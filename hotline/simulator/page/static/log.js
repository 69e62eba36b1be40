// What the phone company sees: one row for each request to the hotline.

import { element, hide, list, text } from "./dom.js";

const KINDS = {
  voice: "What to say?",
  wait: "What to play?",
  status: "A call’s progress",
  conference: "A room’s news",
  sms: "A text came in",
  "sms-status": "A text’s progress",
  machine: "Who picked up",
  partial: "Words so far",
};

export function showLog(news) {
  const panel = document.getElementById("log");
  text(panel.querySelector("[data-posted]"), news.posted === 1 ? "1 request" : `${news.posted} requests`);
  list(panel.querySelector("tbody"), news.log, makeRow);
  const broken = panel.querySelector("[data-broken]");
  hide(broken, news.broken_rules.length === 0);
  text(broken, news.broken_rules.map((one) => `Twilio’s rules were broken: ${one.what} (${one.where})`).join(" · "));
}

function makeRow(one) {
  const row = element("tr", one.error ? "bad" : "");
  const time = new Date(one.at).toLocaleTimeString([], { hour12: false });
  const answer = one.error || `${one.status}`;
  const kind = `${KINDS[one.kind]}${one.copy ? " (copy)" : ""}`;
  for (const words of [time, kind, one.about, answer, `${one.milliseconds} ms`, one.path]) {
    row.append(element("td", "", words));
  }
  return row;
}
