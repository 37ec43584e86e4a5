// Enhancement only: every page does its work without this file.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const LEADER_MS = 1500; // how long "g" waits for its second key

// Menus: one open at a time; a click outside closes.
document.addEventListener("toggle", (event) => {
  const opened = event.target;
  if (!opened.matches?.(".menu[open]")) return;
  for (const menu of $$(".menu[open]")) if (menu !== opened && !menu.contains(opened)) menu.open = false;
}, true);
document.addEventListener("click", (event) => {
  for (const menu of $$(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// Escape closes what is open and gives the focus back.
const escape = () => {
  const menu = $(".menu[open]");
  if (menu) { menu.open = false; $("summary", menu).focus(); }
  else if (location.hash === "#nav") location.hash = "content";
};

// Keys: an element that carries data-shortcut is clicked by its key, data-go after "g"; `<html data-keys="off">` stops them.
let leader = 0;
// On a Cyrillic keyboard the key that says "ј" is the one where "j" stands.
const keyOf = ({ key, code }) => /^\p{Script=Cyrillic}$/u.test(key) && code.startsWith("Key") ? code.slice(-1).toLowerCase() : key;
const follow = (attribute, key) => {
  const target = $(`[${attribute}="${CSS.escape(key)}"]`);
  target?.click();
  return Boolean(target);
};
const move = (step) => {
  const rows = $$(".queue > li .queue__what a, .reg tbody a.pair, .ticket a.pair, [data-row]");
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  rows[Math.max(0, Math.min(rows.length - 1, at + step))].focus();
  return true;
};
const focusOn = (selector) => {
  const target = $(selector);
  target?.focus();
  target?.scrollIntoView({ block: "center" });
  return Boolean(target);
};
const KEYS = {
  s: () => focusOn("#step form :is(input:not([type=hidden]), select, textarea, button), #step .deeds a"),
  m: () => focusOn("#remarks textarea"),
  j: () => move(1),
  k: () => move(-1),
  x: () => { const pick = $(".pickrow", document.activeElement.closest("tr") ?? document.createElement("tr")); pick?.click(); return Boolean(pick); },
  "/": () => { ($("#listq") ?? $("#q"))?.focus(); return true; },
  "?": () => { $("#keys")?.showModal(); return true; },
  g: () => { leader = Date.now(); return true; },
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return escape();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form?.method === "post") {
    event.target.form.requestSubmit($("button:not([type=button])", event.target.form));
    return event.preventDefault();
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return undefined;
  if (document.documentElement.dataset.keys === "off") return undefined;
  const led = Date.now() - leader < LEADER_MS;
  leader = 0;
  const key = keyOf(event);
  const done = led ? follow("data-go", key) : KEYS[key]?.() || follow("data-shortcut", key);
  if (done) event.preventDefault();
  return undefined;
});

// Rows that are chosen: the bar shows while any is, one box chooses all on the page.
const bulk = $("[data-bulk]");
if (bulk) {
  const all = $("[data-pick-all]"), rows = $$(".pickrow");
  const count = () => {
    const chosen = rows.filter((row) => row.checked).length;
    bulk.hidden = chosen === 0;
    $("[data-picked]", bulk).textContent = chosen;
    all.checked = chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
  };
  all.addEventListener("change", () => { for (const row of rows) row.checked = all.checked; count(); });
  for (const row of rows) row.addEventListener("change", count);
  addEventListener("pageshow", count);
  count();
}

// Board: a card that is dropped on another column opens the form of the deed that leads there; nothing moves by itself.
const board = $("[data-board]");
if (board) {
  let card = null;
  const leading = (column) => card && column.contains(card) === false ? $$(`[data-to="${CSS.escape(column.dataset.column)}"]`, card) : [];
  board.addEventListener("dragstart", (event) => {
    card = event.target.closest?.("[data-card]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", $("a.pair", card).href);
    card.classList.add("ticket--drag");
    // After the picture of the card is taken, or Chromium takes the shifted page with it.
    setTimeout(() => { for (const column of $$("[data-column]", board)) $("[data-slot]", column).hidden = leading(column).length === 0; });
  });
  board.addEventListener("dragover", (event) => {
    const column = event.target.closest?.("[data-column]");
    if (column && leading(column).length) event.preventDefault();
  });
  board.addEventListener("drop", (event) => {
    const column = event.target.closest?.("[data-column]"), deeds = column ? leading(column) : [];
    if (!deeds.length) return;
    event.preventDefault();
    if (deeds.length === 1) { location.href = deeds[0].href; return; }
    $(".menu", card).open = true;
    deeds[0].focus();
  });
  board.addEventListener("dragend", () => {
    card?.classList.remove("ticket--drag");
    card = null;
    for (const slot of $$("[data-slot]", board)) slot.hidden = true;
  });
}

// A form that is on its way says so; the command key makes a second sending harmless anyway.
document.addEventListener("submit", (event) => {
  const sent = event.submitter;
  if (sent?.hasAttribute("aria-busy") && event.target.matches("[data-once]")) event.preventDefault();  // its answer can be seen once
  sent?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => { for (const button of $$("button[aria-busy]")) button.removeAttribute("aria-busy"); });

// What was said once can be closed, and goes away by itself unless somebody is just reading it.
const TOAST_MS = 8000;
for (const toast of $$(".toast")) {
  const close = Object.assign(document.createElement("button"), { type: "button", className: "aslink", textContent: toast.dataset.closes });
  close.dataset.close = "";
  toast.append(close);
  const leave = () => { if (toast.matches(":hover, :focus-within")) setTimeout(leave, TOAST_MS); else toast.remove(); };
  setTimeout(leave, TOAST_MS);
}

// Error summary takes the focus when a page comes back with errors; dialogs open and close.
$("[data-focus]")?.focus();

// A past day that is being put together: look again in a moment.
const again = $("[data-again]");
if (again) setTimeout(() => location.reload(), Number(again.dataset.again));
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) { $(opener.dataset.open)?.showModal(); event.preventDefault(); }
  event.target.closest("[data-close]")?.closest("dialog, .toast")?.[event.target.closest("dialog") ? "close" : "remove"]();
});

// What is to be copied: a click or the focus selects all of it, a button copies it. Without a script the button is not shown.
for (const row of $$("[data-scripted]")) row.hidden = false;
document.addEventListener("focusin", (event) => event.target.matches("[data-select]") && event.target.select());
document.addEventListener("click", async (event) => {
  if (event.target.matches("[data-select]")) event.target.select();
  const copier = event.target.closest("[data-copy]");
  if (!copier) return;
  const source = $(copier.dataset.copy);
  source.select();
  try { await navigator.clipboard.writeText(source.value); }
  catch { if (!document.execCommand("copy")) return; } // plain HTTP has no clipboard of its own
  copier.nextElementSibling.hidden = false;
});

document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });

// "@" in a remark: those who can be mentioned are offered beside it; choosing one writes the name and ticks the box.
const WORD_LONGEST = 40;
for (const box of $$("[data-mentions]")) {
  const text = $(`#${box.dataset.mentions}`, box.closest("form"));
  const people = $$("input[type=checkbox]", box).map((tick) => ({ tick, name: tick.closest("label").textContent.trim() }));
  const list = Object.assign(document.createElement("ul"), { className: "mentions", hidden: true });
  list.setAttribute("aria-label", $("summary", box).textContent);
  text.after(list);
  const begun = () => text.value.slice(0, text.selectionStart).match(new RegExp(`(?:^|\\s)@([\\p{L} ]{0,${WORD_LONGEST}})$`, "u"));
  const folded = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const choose = (person) => {
    const at = text.selectionStart - begun()[1].length;
    text.setRangeText(`${person.name.split(",")[0]} `, at, text.selectionStart, "end");
    person.tick.checked = true;
    box.open = true;
    list.hidden = true;
    text.focus();
  };
  const offer = () => {
    const typed = begun();
    const found = typed ? people.filter(({ name }) => folded(name).split(" ").some((_, n, all) => all.slice(n).join(" ").startsWith(folded(typed[1])))) : [];
    list.replaceChildren(...found.slice(0, 6).map((person) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "aslink", textContent: person.name });
      button.addEventListener("click", () => choose(person));
      item.append(button);
      return item;
    }));
    list.hidden = !found.length;
  };
  text.addEventListener("input", offer);
  const walk = (event) => {
    const buttons = $$("button", list);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (list.hidden || !(step || event.key === "Escape")) return;
    if (event.key === "Escape") { list.hidden = true; text.focus(); }
    else (buttons[buttons.indexOf(document.activeElement) + step] ?? text).focus();
    event.preventDefault();
    event.stopPropagation();
  };
  text.addEventListener("keydown", walk);
  list.addEventListener("keydown", walk);
}
