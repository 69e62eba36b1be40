// Reads a sentence aloud by the browser's own voices; without any, there is no button.

const voices = window.speechSynthesis;
const main = document.querySelector("main");
let reading = null;

const offer = () => {
  for (const button of main.querySelectorAll("[data-aloud]")) button.hidden = !voices;
};

function stop() {
  reading = null;
  voices.cancel();
}

main.addEventListener("click", (event) => {
  const button = event.target.closest("[data-aloud]");
  if (!button || !voices) return;
  const again = reading === button.dataset.aloud;
  stop();
  if (again) return;
  const said = new SpeechSynthesisUtterance(document.getElementById(button.dataset.aloud).textContent);
  said.lang = button.dataset.voice;
  reading = button.dataset.aloud;
  said.addEventListener("end", () => { reading = null; });
  voices.speak(said);
});

addEventListener("keydown", (event) => { if (event.key === "Escape" && voices) stop(); });
addEventListener("pagehide", () => { if (voices) stop(); });
new MutationObserver(offer).observe(main, { childList: true, subtree: true });
offer();
