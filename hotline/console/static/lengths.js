// Longer words are typed into more than they have room for now and then. A browser cuts off what is pasted over the
// limit, and says nothing of it; here it stays, and is not sent until it is short enough. board.js loads this.

import { say } from "./say.js";

const LONG = 100;  // what is shorter is a number, a code or a name
const letters = (field) => [...field.value.trim()].length;

// The page may have been redrawn since, and the limit with it.
function takesMore({ target: field }) {
  if (!field.matches?.("textarea, input") || !(field.maxLength >= LONG) || field.type === "password") return;
  field.dataset.longest = field.maxLength;
  field.removeAttribute("maxlength");
}

function told({ target: field }) {
  const longest = Number(field.dataset?.longest || field.maxLength);
  if (!(longest >= LONG) || field.type === "password") return;
  const wasShort = !field.validity.customError, used = letters(field);
  const words = say("%(used)s letters are too many for here: %(longest)s at most. Nothing is cut off, and nothing is sent yet.", { used, longest });
  field.setCustomValidity(used > longest ? words : "");
  if (used > longest && wasShort) field.reportValidity();
}

for (const when of ["focusin", "beforeinput"]) addEventListener(when, takesMore, true);
addEventListener("input", told, true);
