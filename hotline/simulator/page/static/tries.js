// The things to try: which one is shown, and which of its steps are done.

import { hide, press, set, text } from "./dom.js";

const KEPT = "since";

export function since() {
  return sessionStorage.getItem(KEPT) ?? "";
}

export function connectTries(now, changed) {
  const panel = document.querySelector(".tries");
  if (!panel) return;
  if (matchMedia("(max-width: 55.99rem)").matches) panel.open = false;
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.try) choose(panel, button.dataset.try);
    else {
      sessionStorage.setItem(KEPT, now());
      changed();
    }
  });
}

function choose(panel, name) {
  for (const button of panel.querySelectorAll("[data-try]")) press(button, button.dataset.try === name);
  for (const steps of panel.querySelectorAll("[data-steps]")) hide(steps, steps.dataset.steps !== name);
}

export function showTries(done) {
  const panel = document.querySelector(".tries");
  if (!panel) return;
  for (const steps of panel.querySelectorAll("[data-steps]")) {
    const count = done[steps.dataset.steps] ?? 0;
    [...steps.children].forEach((step, place) => {
      step.classList.toggle("done", place < count);
      if (place === count) set(step, "aria-current", "step");
      else step.removeAttribute("aria-current");
      text(step.querySelector("[data-done]"), place < count ? " (done)" : "");
    });
    const tick = panel.querySelector(`[data-try="${steps.dataset.steps}"] [data-tick]`);
    hide(tick, count < steps.children.length);
  }
  hide(panel.querySelector("[data-again]"), !Object.values(done).some((count) => count > 0));
}
