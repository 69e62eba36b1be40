// The page works without this. It works out a number, so that nobody who has a script is asked twice whether they are a
// person; it takes the page out of the browser's list when somebody leaves; and it takes readers to what is wrong.
"use strict";

(() => {
  const ROUND = Uint32Array.from(primes(64), (one) => fraction(Math.cbrt(one)));
  const START = Uint32Array.from(primes(8), (one) => fraction(Math.sqrt(one)));
  const AT_ONCE = 400; // hashes between two looks at the time
  const SLICE = 12; // milliseconds of work, after which whoever types is served

  function primes(many) {
    const found = [];
    for (let one = 2; found.length < many; one += 1) {
      if (found.every((before) => one % before)) found.push(one);
    }
    return found;
  }

  function fraction(root) {
    return Math.floor((root % 1) * 2 ** 32);
  }

  const turned = (word, by) => (word >>> by) | (word << (32 - by));
  const words = new Uint32Array(64);

  // The first 32 bits of the SHA-256 (FIPS 180-4) of at most 55 plain letters: one block.
  function firstWord(text) {
    words.fill(0, 0, 16);
    for (let at = 0; at < text.length; at += 1) words[at >> 2] |= text.charCodeAt(at) << (24 - 8 * (at & 3));
    words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
    words[15] = text.length * 8;
    for (let at = 16; at < 64; at += 1) {
      const [far, near] = [words[at - 15], words[at - 2]];
      const low = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
      const high = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
      words[at] = words[at - 16] + low + words[at - 7] + high;
    }
    let [a, b, c, d, e, f, g, h] = START;
    for (let at = 0; at < 64; at += 1) {
      const rise = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const one = (h + rise + ((e & f) ^ (~e & g)) + ROUND[at] + words[at]) | 0;
      const fall = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
      const two = (fall + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    return (START[0] + a) >>> 0;
  }

  function work(form, bits) {
    const begins = `${form.dataset.work}:`;
    let tried = 0;
    (function some() {
      const until = performance.now() + SLICE;
      do {
        for (const last = tried + AT_ONCE; tried < last; tried += 1) {
          if (firstWord(begins + tried) >>> (32 - bits) === 0) {
            form.elements.proof.value = String(tried);
            return;
          }
        }
      } while (performance.now() < until);
      setTimeout(some, 0);
    })();
  }

  const leave = document.querySelector("[data-leave]");
  let pressed = 0;

  function go(event) {
    event?.preventDefault();
    document.documentElement.hidden = true;
    try {
      window.top.location.replace(leave.href);
    } catch {
      window.location.replace(leave.href);
    }
  }

  leave.addEventListener("click", go);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - pressed < 1500) go();
    pressed = event.timeStamp;
  });
  for (const one of document.querySelectorAll("[data-with-script]")) one.hidden = false;

  (document.querySelector("[data-summary]") ?? document.querySelector("[data-first]"))?.focus();
  const form = document.querySelector("[data-work]");
  if (form) work(form, 16);
})();
