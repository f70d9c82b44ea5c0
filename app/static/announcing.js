// What is left of a line while it is typed, and whether the remote still hears from the server.
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

  addEventListener("DOMContentLoaded", () => {
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
