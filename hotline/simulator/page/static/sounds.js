// What telephones sound like: the two tones of a key, and a soft ring. All made here; nothing is fetched.

const COLUMNS = [1209, 1336, 1477];
const ROWS = [697, 770, 852, 941];
const KEYS = "123456789*0#";
const RING_EVERY = 3000;

let context = null;
let on = true;
let ringing = null;

export function sounds(wanted) {
  on = wanted;
  if (!on) stopRinging();
}

export function beep(key) {
  const place = KEYS.indexOf(key);
  if (place >= 0) tones([COLUMNS[place % 3], ROWS[Math.floor(place / 3)]], 0.13, 0.06);
}

export function ring(wanted) {
  if (wanted && on && ringing === null) {
    ringOnce();
    ringing = setInterval(ringOnce, RING_EVERY);
  } else if (!wanted || !on) stopRinging();
}

function stopRinging() {
  clearInterval(ringing);
  ringing = null;
}

function ringOnce() {
  tones([440, 480], 0.4, 0.03);
  tones([440, 480], 0.4, 0.03, 0.6);
}

// A browser lets no page make a sound before somebody has touched it.
function ready() {
  if (!on || typeof AudioContext === "undefined") return false;
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return false;
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
  return true;
}

function tones(pitches, seconds, loudness, later = 0) {
  if (!ready()) return;
  const begin = context.currentTime + later;
  const volume = context.createGain();
  volume.connect(context.destination);
  volume.gain.setValueAtTime(0, begin);
  volume.gain.linearRampToValueAtTime(loudness, begin + 0.01);
  volume.gain.setValueAtTime(loudness, begin + seconds - 0.02);
  volume.gain.linearRampToValueAtTime(0, begin + seconds);
  for (const pitch of pitches) {
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(volume);
    tone.start(begin);
    tone.stop(begin + seconds);
  }
}
