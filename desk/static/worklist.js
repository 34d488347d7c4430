// The work list with a keyboard, with what comes in told quietly, and with the bar for several messages out of the way
// until something is chosen. Without this script everything works with links, ticks and buttons.

const page = document.querySelector("[data-worklist]");
const rows = [...page.querySelectorAll(".row")];
const form = page.querySelector("[data-bulk]");
const help = document.querySelector("[data-keys]");
const KEYS_OFF = "samenspel-sneltoetsen-uit";

function link(row) {
  return row.querySelector(".row__link");
}

function current() {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

function go(to) {
  const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
  if (row) {
    link(row).focus();
    row.scrollIntoView({ block: "nearest" });
  }
}

// Several messages at once

function ticks() {
  return form ? [...form.querySelectorAll("input[name=inbreng]")] : [];
}

function showChosen() {
  const bar = form?.querySelector(".bulk__bar");
  if (!bar) return;
  const chosen = ticks().filter((tick) => tick.checked);
  bar.hidden = chosen.length === 0;
  form.classList.toggle("bulk--chosen", chosen.length > 0);
  bar.querySelector("[data-count]").textContent = `(${chosen.length})`;
  bar.querySelector("[data-all] input").checked = chosen.length === ticks().length;
  for (const row of rows) row.classList.toggle("row--chosen", row.querySelector("input[name=inbreng]")?.checked ?? false);
}

if (form?.querySelector(".bulk__bar")) {
  const all = form.querySelector("[data-all]");
  all.hidden = false;
  all.querySelector("input").addEventListener("change", (event) => {
    for (const tick of ticks()) tick.checked = event.target.checked;
    showChosen();
  });
  form.addEventListener("change", showChosen);
  showChosen();
}

// Keys

function keysOn() {
  try {
    return localStorage.getItem(KEYS_OFF) === null;
  } catch {
    return true;
  }
}

function open(row, anchor = "") {
  location.href = link(row).href + anchor;
}

function mine(row) {
  for (const tick of ticks()) tick.checked = row.contains(tick);
  form.querySelector("button[value='toewijzen:mij']")?.click();
}

const ofRow = {
  o: (row) => open(row),
  x: (row) => {
    row.querySelector("input[name=inbreng]")?.click();
  },
  a: (row) => mine(row),
  n: (row) => open(row, "#notitie"),
  r: (row) => open(row, "#antwoord"),
};
const onPage = {
  j: () => go(current() + 1),
  k: () => go(current() === -1 ? 0 : current() - 1),
  "/": () => document.getElementById("zoek").focus(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog[open]");
  if (event.key === "Escape") {
    const opened = page.querySelector("details.pick[open]");
    if (opened) {
      opened.open = false;
      opened.querySelector("summary").focus();
    }
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !keysOn()) return;
  const row = rows[current()];
  const does = onPage[event.key] ?? (row && ofRow[event.key] && (() => ofRow[event.key](row)));
  if (does) {
    event.preventDefault();
    does();
  }
});

const helpButton = page.querySelector("[data-help]");
helpButton.hidden = false;
helpButton.addEventListener("click", () => help.showModal());
const toggle = help.querySelector("[data-keys-on]");
toggle.checked = keysOn();
toggle.addEventListener("change", () => {
  try {
    if (toggle.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "ja");
  } catch {
    // Nothing can be kept in this browser: the choice holds for this page only.
  }
});

// A list of choices closes when something else is clicked

document.addEventListener("click", (event) => {
  for (const opened of page.querySelectorAll("details.pick[open]")) {
    if (!opened.contains(event.target)) opened.open = false;
  }
});

// What comes in is told; the list stays as it is until the griffier asks for it

const bar = page.querySelector("[data-stream]");
if (bar && "EventSource" in window) {
  const address = new URL(bar.dataset.stream, location.href);
  address.searchParams.set("sinds", bar.dataset.since);
  address.searchParams.set("bekend", bar.dataset.known);
  const source = new EventSource(address);
  source.addEventListener("nieuw", (event) => {
    const count = Number(event.data);
    const told = bar.querySelector("a");
    told.hidden = count === 0;
    told.textContent = count === 1 ? told.dataset.one : `${count} ${told.dataset.more}`;
  });
  window.addEventListener("pagehide", () => source.close());
}
