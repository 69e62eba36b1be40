// Passkeys: asks the server what is to be signed, lets the device sign it, and sends the form with its answer. Without
// this script, or where a browser knows no passkeys, nothing of them is shown.

import { say } from "./say.js";

const PATIENCE = 10000;

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const bytes = (words) => Uint8Array.from(atob(words.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

const described = (several = []) => several.map((one) => ({ ...one, id: bytes(one.id) }));

async function made(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const one = await navigator.credentials.create({ publicKey });
  const { attestationObject, clientDataJSON } = one.response;
  return whole(one, { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) });
}

async function shown(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) };
  const one = await navigator.credentials.get({ publicKey });
  const { authenticatorData, clientDataJSON, signature, userHandle } = one.response;
  const response = { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature) };
  if (userHandle) response.userHandle = text(userHandle);
  return whole(one, response);
}

const whole = (one, response) => ({
  id: one.id, rawId: text(one.rawId), type: one.type, response, clientExtensionResults: one.getClientExtensionResults(),
});

class Told extends Error {}

async function post(address, body) {
  const how = { method: "POST", body, headers: { "X-Board": "1" }, redirect: "error", signal: AbortSignal.timeout(PATIENCE) };
  const answer = await fetch(address, how);
  const found = await answer.json();
  if (!answer.ok) throw new Told(found.said);
  return found;
}

const WHY = {
  NotAllowedError: say("Nothing was signed: it was cancelled, took too long, or there is no passkey for this page on that device."),
  InvalidStateError: say("This device has a passkey of yours already."),
  SecurityError: say("Passkeys don't work at this address: open the page by its usual one."),
};

async function use(form) {
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  said.hidden = true;
  button.setAttribute("aria-busy", "true");
  try {
    const options = await post(form.dataset.options, new FormData(form));
    const answer = await (form.dataset.passkey === "make" ? made : shown)(options);
    form.elements.namedItem("answer").value = JSON.stringify(answer);
    for (const secret of form.querySelectorAll("input[type='password']")) secret.disabled = true;
    if (!("stays" in form.dataset)) return form.submit();
    const done = await post(form.action, new FormData(form));
    form.dispatchEvent(new CustomEvent("unlocked", { bubbles: true, detail: done }));
  } catch (wrong) {
    said.textContent = wrong instanceof Told ? wrong.message : WHY[wrong.name] || say("That did not work. Try again, or use your password.");
    said.hidden = false;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkeys]")) part.hidden = false;
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-passkey]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.target.querySelector("button").getAttribute("aria-busy")) use(event.target);
  }, true);
}
