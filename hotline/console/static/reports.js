// Of the days that a report can be about, only the fields are shown that the choice asks for. Without this all are there.

const span = document.getElementById("span");

function choose() {
  for (const field of document.querySelectorAll(".chosen [data-for]")) field.hidden = field.dataset.for !== span.value;
}

if (span) {
  span.addEventListener("change", choose);
  choose();
}
