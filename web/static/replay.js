// Replays a case: the days of the slider one after another, each fetched and put in the place of the one before. Without
// this file the days are links. What differs from the step before is marked; the last step opens the present itself.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const KEPT = "pobratim-replay"; // what the page said before the last step, for the present to compare
const PARTS = [
  ".case__meta > span:not([data-unmarked])", ".road > li", "#step > .step__head", "#step > .ledhere", "#step > .step__by > div", "#tasks li", "#sides tbody tr",
  "#remarks .remark", "aside .card:not(.newest) .facts > dd, aside .card:not(.newest) .why", "aside .card:not(.newest) .list > li",
];
let timer = 0;
let playing = false;
let pace = matchMedia("(prefers-reduced-motion: reduce)").matches ? "slow" : "usual";
const PACES = { slow: 4000, usual: 2000, fast: 700 };
const live = Object.assign(document.createElement("p"), { className: "vh" });
live.setAttribute("role", "status");
document.body.append(live);

// Marks of the step before, and what is another text every day ("in 7 days"), say nothing about the case.
const words = (element) => {
  const read = element.cloneNode(true);
  for (const aside of $$("[data-mark], [data-unmarked], .notprinted, .due > span", read)) aside.remove();
  return read.textContent.replace(/\s+/g, " ").trim();
};
// What each part says: a part that says what no part of its kind said before has changed.
const saying = () => PARTS.map((part) => $$(part).map(words));
const mark = (before) => {
  const player = $("[data-replay]");
  if (!player || !before) return;
  let changed = 0;
  PARTS.forEach((part, kind) => {
    for (const element of $$(part)) {
      if (before[kind].includes(words(element))) continue;
      element.classList.add("is-changed");
      const said = Object.assign(document.createElement("span"), { className: "vh", textContent: ` (${player.dataset.changed})` });
      said.dataset.mark = "";
      (element.matches("tr") ? element.cells[0] : element).append(said);
      changed += 1;
    }
  });
  live.textContent = `${player.dataset.day}: ${changed ? `${player.dataset.changed} ${changed}` : player.dataset.same}`;
};

const dots = () => $$(".slider__days a");
const at = () => dots().findIndex((dot) => dot.matches("[aria-current]"));
const bringIntoView = () => {
  const days = $(".slider__days"), shown = $(".slider__days [aria-current]")?.closest("li");
  if (shown) days.scrollLeft = shown.offsetLeft - days.offsetLeft - days.clientWidth / 2;
};
const ready = () => {
  bringIntoView();
  const player = $("[data-replay]");
  if (!player) return;
  player.hidden = false;
  $("select", player).value = pace;
  const toggle = $("[data-toggle]", player);
  toggle.dataset.playing = playing;
  $("span", toggle).textContent = playing ? player.dataset.pause : player.dataset.play;
};

// Which control had the focus, so that it keeps it when the page is another one.
const focused = () => {
  const here = document.activeElement;
  if (!here?.closest(".slider, [data-replay]")) return null;
  if (here.matches(".slider__days a")) return ".slider__days [aria-current]";
  if (here.matches("[data-step]")) return `[data-step="${here.dataset.step}"]`;
  return here.matches("select") ? "[data-replay] select" : "[data-toggle]";
};
let asked = 0;
const show = async (href) => {
  const before = saying(), focus = focused(), mine = ++asked;
  if (href === dots().at(-1)?.href) {
    sessionStorage.setItem(KEPT, JSON.stringify({ before, href, focus, pace }));
    location.assign(href);
    return;
  }
  const answer = await fetch(href, { credentials: "same-origin" }).catch(() => null);
  const text = answer?.ok && !answer.redirected ? await answer.text() : "";
  if (mine !== asked) return; // somebody went elsewhere meanwhile
  if (!text) { stop(); location.assign(href); return; }
  const then = new DOMParser().parseFromString(text, "text/html");
  document.title = then.title;
  document.documentElement.toggleAttribute("data-time", then.documentElement.hasAttribute("data-time"));
  if (then.documentElement.dataset.time) document.documentElement.dataset.time = then.documentElement.dataset.time;
  $("main").replaceChildren(...$("main", then).childNodes);
  for (const part of [".past", ".asof"]) {
    $(part)?.remove();
    const found = $(part, then);
    if (found) part === ".past" ? $(".bar").before(found) : ($(".bell") ?? $(".menulink")).before(found);
  }
  history.replaceState(null, "", href);
  mark(before);
  ready();
  if (focus) ($(focus) ?? $("[data-toggle]"))?.focus({ preventScroll: true });
  if (playing) next();
};
const stop = () => { playing = false; clearTimeout(timer); ready(); };
const next = () => {
  clearTimeout(timer);
  timer = setTimeout(() => step(1), PACES[pace]);
};
const step = (by) => {
  const all = dots(), there = all[at() + by];
  if (there) show(there.href);
  else stop();
};
const toggle = () => {
  if (playing) { stop(); return; }
  playing = true;
  ready();
  if (at() === dots().length - 1) show(dots()[0].href); // at the end it begins anew
  else step(1);
};

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-toggle]")) { toggle(); return; }
  const link = event.target.closest?.(".slider a");
  if (!link || !$("[data-replay]") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (playing) stop();
  show(link.href);
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-replay] select")) return;
  pace = event.target.value;
  if (playing) next();
});
// On the dots the arrows move the focus, on the other controls they step; Home and End go to the first and last day.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && playing) { stop(); return; }
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const all = dots(), here = all.indexOf(document.activeElement);
  if (!by && !["Home", "End"].includes(event.key)) return;
  if (here >= 0) (by ? all[here + by] : all.at(event.key === "Home" ? 0 : -1))?.focus();
  else if (event.target.closest?.(".slider, [data-replay]") && !event.target.matches("select") && $("[data-replay]")) {
    if (playing) stop();
    if (by) step(by);
    else show(all.at(event.key === "Home" ? 0 : -1).href);
  } else return;
  event.preventDefault();
});
document.addEventListener("visibilitychange", () => { if (document.hidden && playing) stop(); });

ready();
const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
sessionStorage.removeItem(KEPT);
if (kept?.href === location.href) {
  pace = kept.pace;
  ready();
  mark(kept.before);
  if (kept.focus) ($(kept.focus) ?? $("[data-toggle]"))?.focus();
}
// What is folded opens where an address leads into it, and on paper.
const reveal = () => { const fold = location.hash.length > 1 && document.getElementById(location.hash.slice(1))?.closest(".fold > details"); if (fold) { fold.open = true; $(location.hash).scrollIntoView(); } };
addEventListener("hashchange", reveal);
reveal();
addEventListener("beforeprint", () => { for (const fold of $$(".fold > details")) fold.open = true; });
