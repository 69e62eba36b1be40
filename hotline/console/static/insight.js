// What stays in sight above while the page is scrolled: warnings, and under them what waits and what is safe, so that
// neither covers the other. Nor do they cover what the keyboard is on: the page is scrolled so far that there is room
// below them, however many lines they have at this width.

const LEAST = 120, APART = 8;
const root = document.documentElement;
const main = document.querySelector("main[data-live]");
const warnings = document.querySelector(".warnings");

function height(shown) {
  return shown && getComputedStyle(shown).position === "sticky" ? shown.offsetHeight : 0;
}

function makeRoom() {
  const warned = height(warnings), stuck = height(document.querySelector(".in-sight"));
  root.style.setProperty("--warned", `${warned}px`);
  root.style.scrollPaddingTop = `${Math.max(LEAST, warned + stuck + APART)}px`;
}

// They grow and shrink with what waits, and with the window; either changes how long the page is.
if (main) {
  const seen = new ResizeObserver(makeRoom);
  seen.observe(main);
  if (warnings) seen.observe(warnings);
}
