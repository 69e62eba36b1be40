// Of the days that a report can be about, only the fields are shown that the choice asks for; and while another report is
// counted, which may take seconds, the page says so. Without this all fields are there, and the browser alone waits.

import { say } from "./say.js";

const span = document.getElementById("span");
const counting = document.getElementById("counting");
const SOON = 300; // ms within which a page is there before anybody wonders

let saying = 0;

function choose() {
  for (const field of document.querySelectorAll(".chosen [data-for]")) field.hidden = field.dataset.for !== span.value;
}

function stands() {
  clearTimeout(saying);
  counting.textContent = "";
  document.getElementById("live")?.removeAttribute("aria-busy");
}

function counts() {
  stands();
  saying = setTimeout(() => {
    document.getElementById("live")?.setAttribute("aria-busy", "true");
    counting.textContent = say("Counting… What stands below is what was counted before.");
  }, SOON);
}

function leadsToReport(link, event) {
  const here = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const there = new URL(link.href);
  const counted = there.origin === location.origin && /^\/reports(\/[\w-]+)?$/.test(there.pathname);
  return here && counted && !link.hasAttribute("download") && !link.target && !there.hash;
}

if (span) {
  span.addEventListener("change", choose);
  choose();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link && !event.defaultPrevented && leadsToReport(link, event)) counts();
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form.chosen")) counts();
});
// Whoever comes back to this page by the browser's own button, or stops waiting, has before them what it says.
addEventListener("pageshow", stands);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") stands();
});
