// The directory is looked through while somebody types; without this script its button does it.

const main = document.querySelector("main[data-live]");
let waiting = 0;

main.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-seek]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    main.dataset.live = `${form.dataset.seek}?${asked}`;
    history.replaceState(null, "", `${form.action.split("?")[0]}?${asked}`);
    main.dispatchEvent(new CustomEvent("sought"));
  }, 200);
});
