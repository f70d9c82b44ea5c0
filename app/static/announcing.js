// What is left of a line while it is typed; of a doubled tap one; whether the remote still hears from the server.
"use strict";
(() => {
  const count = (area) => {
    const shown = document.getElementById(area.dataset.count);
    // As the server counts: characters, with white space made one.
    const length = [...area.value.trim().replace(/\s+/gu, " ")].length;
    const left = Number(area.dataset.most) - length;
    // Nothing is cut off: whoever pasted too much sees by how much.
    shown.textContent = left >= 0 ? `${left} characters left` : `${-left} characters too many`;
    shown.classList.toggle("error", left < 0);
    shown.hidden = false;
  };
  const away = (is) => {
    const note = document.getElementById("remote-away");
    if (note) note.hidden = !is;
  };

  // The answer to a tap can come before its double: the button then says the next step already.
  const REST_MS = 400;
  let until = 0;
  const rest = () => {
    const left = until - Date.now();
    document.querySelector(".pad")?.setAttribute("aria-disabled", String(left > 0));
    if (left > 0) setTimeout(rest, left + 10);
  };
  addEventListener("submit", (event) => {
    if (!event.target.closest(".pad")) return;
    if (Date.now() < until) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      until = Date.now() + REST_MS;
      setTimeout(rest);
    }
  }, true);

  addEventListener("DOMContentLoaded", () => {
    document.body.addEventListener("htmx:afterSwap", rest);
    for (const area of document.querySelectorAll("textarea[data-count]")) {
      count(area);
      area.addEventListener("input", () => count(area));
    }
    for (const name of ["htmx:sendError", "htmx:timeout"]) document.body.addEventListener(name, () => away(true));
    document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
      if (detail.xhr?.status) away(detail.xhr.status >= 500);
    });
  });
})();
