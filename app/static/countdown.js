// The countdowns of contests, in the words the server writes (app/pages/contests/countdown.py).
"use strict";
(() => {
  // By the server's clock: the one in front of the screen may be wrong.
  const said = Date.parse(document.querySelector('meta[name="fanfare-now"]')?.content ?? "");
  const ahead = Number.isNaN(said) ? 0 : said - Date.now();
  const told = new Set();
  const two = (value) => String(value).padStart(2, "0");

  const left = (ms) => {
    const seconds = Math.floor(ms / 1000);
    if (seconds <= 0) return "a moment";
    const minutes = Math.floor(seconds / 60), hours = Math.floor(seconds / 3600), days = Math.floor(seconds / 86400);
    if (days >= 7) return `${days} d`;
    if (days) return `${days} d ${two(hours % 24)} h`;
    if (hours) return `${hours} h ${two(minutes % 60)} min`;
    if (minutes >= 5) return `${minutes} min`;
    return minutes ? `${minutes} min ${two(seconds % 60)} s` : `${seconds} s`;
  };

  const tick = () => {
    for (const element of document.querySelectorAll("time[data-left]")) {
      const at = element.getAttribute("datetime");
      const ms = Date.parse(at) - Date.now() - ahead;
      const words = left(ms);
      if (element.textContent !== words) element.textContent = words;
      // What was waited for is there: the page asks what it looks like now. Once for each moment.
      if (ms <= 0 && !told.has(at)) {
        told.add(at);
        setTimeout(() => htmx.trigger(document.body, "moment-came"), 1500);
      }
    }
  };
  addEventListener("DOMContentLoaded", tick);
  setInterval(tick, 1000);
})();
