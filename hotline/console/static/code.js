// The code of a one-time link stands behind the #, where no server and no log sees it: it is put into the form, taken out
// of the address, and sent.
const form = document.querySelector("[data-code]");
const code = decodeURIComponent(location.hash.slice(1));
if (form && /^[\w-]{8,60}$/.test(code)) {
  history.replaceState(null, "", location.pathname);
  form.elements.namedItem("code").value = code;
  form.requestSubmit();
}
