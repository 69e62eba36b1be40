// "Show" beside the password.

import { say } from "./say.js";

for (const button of document.querySelectorAll("[data-reveals]")) {
  const field = document.getElementById(button.dataset.reveals);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.textContent = shown ? say("Hide") : say("Show");
    button.setAttribute("aria-pressed", String(shown));
    field.focus();
  });
}
