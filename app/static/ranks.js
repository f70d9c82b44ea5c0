// What htmx alone cannot: the live mark, moving rows, the own row in a block that is the same for
// everybody, and a line about oneself that is asked for at most every ten seconds.
"use strict";
(() => {
  const OWN_LINE_EVERY_MS = 10_000;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const byId = (id) => document.getElementById(id);
  const own = () => byId("leaderboard")?.dataset.you;
  let before = new Map();
  let asked = 0;
  let waiting = null;

  document.documentElement.classList.add("scripted");
  // What is being typed stays as it is; details that a person opened stay open when the block around them is renewed.
  Idiomorph.defaults.ignoreActiveValue = true;
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => !(name === "open" && node.tagName === "DETAILS");

  const mark = (words, state) => {
    const element = byId("live-mark");
    if (!element) return;
    if (element.textContent !== words) element.textContent = words;
    element.className = `live ${state}`;
  };
  document.addEventListener("htmx:sseOpen", () => mark("Live", ""));
  document.addEventListener("htmx:sseError", () => mark("Paused — reconnecting", "paused"));

  // The shared block does not know who looks: mark the own row as the page itself would.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "board-rows" || !own()) return;
    const id = `id="r-${own()}"`;
    event.detail.serverResponse = event.detail.serverResponse.replace(id, `${id} aria-current="true"`);
  });

  // Rows start where they were and move to where they are.
  const rows = () => document.querySelectorAll(".board tbody tr[id]");
  const worth = (row) => row.querySelector(".pts")?.textContent;
  const remember = () => {
    before = new Map([...rows()].map((row) => [row.id, [row.getBoundingClientRect().top + scrollY, worth(row)]]));
  };
  const move = () => {
    if (still.matches) return;
    for (const row of rows()) {
      const [top, points] = before.get(row.id) ?? [];
      if (top === undefined) continue;
      const by = top - row.getBoundingClientRect().top - scrollY;
      if (by) row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], { duration: 520, easing: "cubic-bezier(.2, .7, .2, 1)" });
      if (points !== worth(row)) row.querySelector(".pts").animate([{ color: "var(--gain)" }, {}], { duration: 1600 });
    }
  };
  document.addEventListener("htmx:beforeSwap", remember);
  // Not afterSettle: a morphed element is the old one, of which htmx says nothing.
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful) return;
    move();
    if (detail.target.id === "leaderboard") reveal();
    if (detail.target.id === "board-rows") askForOwnLine();
  });

  const askForOwnLine = () => {
    waiting ??= setTimeout(() => {
      waiting = null;
      asked = Date.now();
      if (byId("own-line")) htmx.trigger("#own-line", "refresh");
    }, Math.max(0, asked + OWN_LINE_EVERY_MS - Date.now()));
  };

  const reveal = () => document.querySelector("tr.found")?.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
  document.addEventListener("DOMContentLoaded", reveal);
})();
