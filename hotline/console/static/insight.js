// What stays in sight above while the page is scrolled never covers what the keyboard is on: the page is scrolled so far
// that there is room below it, however many lines it has at this width.

const STAYS = ".in-sight", LEAST = 120, APART = 8;
const main = document.querySelector("main[data-live]");

function makeRoom() {
  const strip = document.querySelector(STAYS);
  const stuck = strip && getComputedStyle(strip).position === "sticky" ? strip.offsetHeight + APART : 0;
  document.documentElement.style.scrollPaddingTop = `${Math.max(LEAST, stuck)}px`;
}

// It grows and shrinks with what waits, and with the window; either changes how long the page is.
if (main) new ResizeObserver(makeRoom).observe(main);
