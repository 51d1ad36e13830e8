// Keys for people who do not like the mouse. Every page works without this file.
// "/" search, j and k along the rows, Enter opens (the row's link has the focus), "?" the list of keys, Escape closes.

const ROWS = "main .task-what a, main .table tbody th[scope=row] a, main [data-row] a";
const TYPING = "input, select, textarea, [contenteditable]";

function visible(element) {
  return element.getClientRects().length > 0;
}

function move(step) {
  const rows = Array.from(document.querySelectorAll(ROWS)).filter(visible);
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1);
  rows[next].focus();
  rows[next].scrollIntoView({ block: "nearest" });
}

function close() {
  for (const menu of document.querySelectorAll("details.pop[open], details.who[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (location.hash === "#keys" || location.hash === "#places") {
    location.hash = "#main";
  }
}

const KEYS = {
  "/": () => document.querySelector(".find input, .filters input[type=search]")?.focus(),
  j: () => move(1),
  k: () => move(-1),
  "?": () => { location.hash = location.hash === "#keys" ? "#main" : "#keys"; },
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    close();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest(TYPING)) return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

// A menu left open behind the next click is in the way.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.pop[open], details.who[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
