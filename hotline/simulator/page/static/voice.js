// Reading aloud with the browser's own voice: what the caller on the screen hears, and nothing twice.

export const canSpeak = "speechSynthesis" in window;

let on = false;
let last = "";

export function aloud(wanted, handset) {
  on = wanted && canSpeak;
  if (canSpeak) speechSynthesis.cancel();
  last = newest(handset)?.id ?? "";
  const line = newest(handset);
  if (on && handset?.mode === "talking" && handset.hears && line) say(line);
}

// Another telephone is on the screen now: what it heard before stays unsaid.
export function listenTo(handset) {
  if (canSpeak) speechSynthesis.cancel();
  last = newest(handset)?.id ?? "";
}

// The simulator's sentences may end a little before the browser's do: only something newer cuts them off.
export function speak(handset) {
  const line = newest(handset);
  if (!on || !line || line.id === last) return;
  last = line.id;
  speechSynthesis.cancel();
  if (handset.mode === "talking" || line.kind === "line") say(line);
}

function newest(handset) {
  return handset?.lines.at(-1);
}

function say(line) {
  if (!["line", "staff", "stranger"].includes(line.kind) || line.text.startsWith("[")) return;
  const words = new SpeechSynthesisUtterance(line.text);
  words.lang = line.language || "en-US";
  words.pitch = line.kind === "line" ? 1 : 0.8;
  speechSynthesis.speak(words);
}
