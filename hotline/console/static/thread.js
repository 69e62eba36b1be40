// The box in which one writes to somebody who texts: how many parts it will be, suggestions, and a draft that is
// never lost. board.js keeps the page up to date and sends the form.

import { say, sayMany } from "./say.js";

const main = document.querySelector("main[data-live]");
const PLAIN = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const DOUBLE = "\f^{}\\[~]|€";

export function parts(text) {
  const letters = [...text];
  const wide = letters.some((letter) => !PLAIN.includes(letter) && !DOUBLE.includes(letter));
  const size = (letter) => (wide ? letter.length : DOUBLE.includes(letter) ? 2 : 1);
  const [alone, among] = wide ? [70, 67] : [160, 153];
  const used = letters.reduce((sum, letter) => sum + size(letter), 0);
  if (used <= alone) return { count: 1, used, room: alone, wide };
  let count = 1, left = among;
  for (const letter of letters) {
    if (size(letter) > left) [count, left] = [count + 1, among];
    left -= size(letter);
  }
  return { count, used, room: count * among, wide };
}

const box = () => main.querySelector("textarea#write");
let key = fresh();
let sent = null;

function fresh() {
  return crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now();
}

function count() {
  const line = main.querySelector("#count");
  if (!line || !box()) return;
  const { count: pieces, used, room, wide } = parts(box().value.trim());
  const why = wide ? ` ${say("Emoji and some accents make parts shorter.")}` : "";
  const said = (pieces > 1 ? say("%(count)s parts. Shorter texts arrive better and cost less.", { count: pieces }) : say("%(used)s of %(room)s letters.", { used, room })) + why;
  if (line.textContent !== said) line.textContent = said;
  line.classList.toggle("warn", pieces > 1);
}

function clear() {
  key = fresh();
  sent = null;
  box().value = "";
  const sure = main.querySelector("input[name='sure']");
  if (sure) sure.checked = false;
  count();
}

main.addEventListener("input", (event) => { if (event.target === box()) count(); });

main.addEventListener("click", (event) => {
  const button = event.target.closest("[data-words]");
  if (!button || !box()) return;
  event.preventDefault();
  box().value = button.value;
  box().focus();
  count();
});

main.addEventListener("keydown", (event) => {
  if (event.target === box() && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    box().form.requestSubmit();
  }
});

// The page is redrawn around the draft, and each time with another key: the draft keeps its own until it is sent.
main.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-write]")) return;
  event.formData.set("key", key);
  sent = box().value;
}, true);

main.addEventListener("done", (event) => {
  if (event.target.matches("[data-write]") && event.detail.good && box()?.value === sent) clear();
});

// If the answer was lost on its way back, the message itself says that it was taken.
new MutationObserver(() => {
  if (sent !== null && document.getElementById(`message-staff-${key}`) && box()?.value === sent) clear();
  count();
}).observe(main, { childList: true, subtree: true });

if (box()) box().value += "";  // from here on it is the writer's, whatever the page is redrawn with
count();
