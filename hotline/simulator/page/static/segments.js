// In how many parts the phone company sends a text, and what it counts for that: as messages do that were sent.

const PLAIN = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const DOUBLE = "\f^{}\\[~]|€";

export function counted(words) {
  const letters = [...words];
  const wide = letters.some((letter) => !PLAIN.includes(letter) && !DOUBLE.includes(letter));
  const size = (letter) => (wide ? letter.length : DOUBLE.includes(letter) ? 2 : 1);
  const [alone, among] = wide ? [70, 67] : [160, 153];
  const used = letters.reduce((sum, letter) => sum + size(letter), 0);
  if (used <= alone) return `${used} of ${alone} letters in one part`;
  let parts = 1;
  let left = among;
  for (const letter of letters) {
    if (size(letter) > left) [parts, left] = [parts + 1, among];
    left -= size(letter);
  }
  return `${used} letters in ${parts} parts`;
}
