// What the scripts say, in the language of the page: each text is written in English here, and the page brings what it is
// in its own language, if that is another one.

const brought = document.getElementById("script-texts");
const texts = brought ? JSON.parse(brought.textContent) : {};
const filled = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

export const say = (text, values = {}) => filled(texts[text] || text, values);

// What depends on a number: of one, and of any other, which is enough for English and Spanish.
export function sayMany(one, many, num, values = {}) {
  const [alone, several] = texts[one] || [one, many];
  return filled(num === 1 ? alone : several, { num, ...values });
}
