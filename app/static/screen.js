// A television: shows what the server says, when it is due or signalled, and keeps the last picture
// when nobody answers. One request, one timer and one stream at a time, however long it runs.
"use strict";
(() => {
  const body = document.body, frame = document.getElementById("frame"), away = document.getElementById("away");
  const stage = () => document.getElementById("stage");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const between = (least, most) => least + Math.random() * (most - least);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const door = "/screens", soonest = 250, longest = 600_000, attentive = 15_000, patience = 15_000;

  // The server's clock: of several answers the one that travelled least says it best. Until the first one it
  // is the device's: the page itself may be the worker's copy of an hour ago.
  const clock = { ahead: 0, travelled: Infinity };
  const now = () => Date.now() + clock.ahead;
  const setClock = (said, sent, came) => {
    if (!said || came - sent > clock.travelled * 1.5 + 20) return void (clock.travelled *= 1.2);
    clock.ahead = said - (sent + came) / 2;
    clock.travelled = came - sent;
  };

  // When the server is away ---------------------------------------------------------------------
  const words = away.textContent;
  let awaySince = null, failures = 0;
  const noteAway = () => {
    failures += 1;
    awaySince ??= new Date();
    const time = awaySince.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    away.textContent = `${words} · ${time}`;
    away.hidden = false;
  };
  const noteBack = () => { failures = 0; awaySince = null; away.hidden = true; };
  const again = () => between(0.8, 1.2) * Math.min(15_000, 2000 * 2 ** Math.min(failures - 1, 3));

  const ask = async (address, headers = {}) => {
    const sent = Date.now();
    const answer = await fetch(address, { headers, cache: "no-store", signal: AbortSignal.timeout(patience) });
    if (answer.status >= 500 || answer.status === 429) throw new Error(`answered ${answer.status}`);
    const text = answer.status === 200 ? await answer.text() : "";
    setClock(Number(answer.headers.get("fanfare-now")), sent, Date.now());
    return { answer, text };
  };

  // A code until somebody typed it ----------------------------------------------------------------
  const pair = async (address) => {
    for (;;) {
      await wait(failures ? again() : between(2500, 3500));
      try {
        const { answer, text } = await ask(address);
        if (answer.redirected) return location.replace(answer.url);
        if (answer.ok) document.getElementById("code").replaceWith(made(text));
        noteBack();
      } catch { noteAway(); }
    }
  };
  const made = (markup) => {
    const holder = Object.assign(document.createElement("template"), { innerHTML: markup });
    return holder.content.firstElementChild;
  };

  // A screen --------------------------------------------------------------------------------------
  const path = body.dataset.keyPath;
  let due = 0, timer = 0, planned = Infinity, asking = false, tag = "", source = null, listening = null, last = [];

  const listen = (topics) => {
    const wanted = topics.split(",").filter(Boolean).slice(0, 16).map((topic) => `,${topic}`).join("");
    if (source && source.readyState !== EventSource.CLOSED && listening === wanted) return;
    source?.close(), listening = wanted;
    source = new EventSource(body.dataset.live + wanted);
    for (const topic of new URL(source.url).searchParams.get("board").split(",")) {
      const board = !/^(screens?|people|contest)(:|$)/.test(topic);
      // What changes all screens at once is a reveal's step; a board has time, and so has the server;
      // that somebody is to be seen otherwise any colleague can cause: it never makes all ask at once.
      const spread = topic.startsWith("screen") ? [120, 370] : topic === "people" ? [200, 3000] : [150, 900];
      source.addEventListener((board ? "board-" : "") + topic.replaceAll(":", "-"), () => soon(topic, ...spread));
    }
  };

  // The one timer: the next look is at a moment of the server's clock. A reveal that a leader steps has none:
  // should its signal be lost, a look now and then finds the step.
  const plan = (ms) => {
    clearTimeout(timer);
    ms = Math.min(Math.max(ms, soonest), stage().dataset.what === "reveal" ? attentive : longest);
    planned = performance.now() + ms;
    timer = setTimeout(look, ms);
  };
  // Each topic has a moment of its own, so that none puts off another's; and signals that go on and on do
  // not put off their own for ever.
  const wishes = new Map();
  const soon = (topic, least, most) => {
    const at = performance.now() + between(least, most), before = wishes.get(topic) ?? at;
    wishes.set(topic, Math.max(Math.min(at, before), performance.now() + least));
    if (!asking && performance.now() + next() < planned) plan(next());
  };
  const next = () => Math.min(failures ? Infinity : due - now(), ...Array.from(wishes.values(), (at) => at - performance.now()));

  const look = async () => {
    // A timer may come early, or have waited as long as it can. Before the first answer nobody knows the time.
    const over = clock.travelled < Infinity && now() >= due - 5;
    asking = true;
    for (const [topic, at] of wishes) if (at <= performance.now() + 5) wishes.delete(topic);
    try {
      const query = new URLSearchParams({ shown: last.join(","), onward: over ? 1 : 0, page: body.dataset.page,
        w: innerWidth * devicePixelRatio | 0, h: innerHeight * devicePixelRatio | 0 });
      const { answer, text } = await ask(`${path}/now?${query}`, tag && !over ? { "If-None-Match": tag } : {});
      if (answer.status === 404 || answer.status === 410) return leave();
      if (answer.status === 200) await show(text, answer.headers.get("etag") ?? "", over);
      else if (answer.status !== 304) throw new Error(`answered ${answer.status}`);
      noteBack();
      listen(stage().dataset.topics);
      plan(next());
    } catch {
      noteAway();
      plan(again());
    }
    asking = false;
  };

  const show = async (markup, fresh, over) => {
    const next = made(markup), before = stage(), was = due;
    if (next?.id !== "stage") throw new Error("not a picture: a portal of the network answered");
    const other = next.dataset.key !== before.dataset.key;
    remember(next);
    read(next);
    // The same slide renewed keeps its time; only something that was planned meanwhile ends it sooner.
    if (!other && !over && next.dataset.what === "slide") due = Math.min(due, was);
    if (next.dataset.page !== body.dataset.page && next.dataset.what !== "reveal" && reload(next.dataset.page)) return;
    tag = fresh;
    document.documentElement.dataset.look = next.dataset.look ?? "dark";
    const fade = (element, opacity) => element.animate({ opacity }, { duration: 250, fill: "forwards" }).finished;
    if (other && !still.matches) await Promise.race([fade(before, [1, 0]), wait(400)]);
    before.replaceWith(next);
    tick();
    if (other && !still.matches) fade(next, [0, 1]).then((done) => done.cancel(), () => {});
  };

  const read = (shown) => {
    const at = Date.parse(shown.dataset.nextAt ?? "");
    // A little behind the moment, so that a clock that is a little ahead does not ask before it.
    due = Number.isNaN(at) ? now() + longest : at + (shown.dataset.what === "reveal" ? between(40, 290) : 60);
  };
  const remember = (shown) => {
    if (shown.dataset.what !== "slide") return;
    last = [shown.dataset.key, ...last.filter((key) => key !== shown.dataset.key)].slice(0, 12);
  };

  // Another version of the page; each once a minute, should two servers of different versions answer.
  const reload = (page) => {
    const loaded = Object.entries(JSON.parse(sessionStorage.getItem("loaded") ?? "{}"));
    const lately = loaded.filter(([, at]) => Date.now() - at < 60_000);
    if (lately.some(([name]) => name === page)) return false;
    sessionStorage.setItem("loaded", JSON.stringify(Object.fromEntries([...lately, [page, Date.now()]])));
    location.replace(`${path}?${new URLSearchParams({ shown: last.slice(1).join(",") })}`);
    return true;
  };
  const leave = () => { source?.close(); location.replace(door); };

  // Small things that go on between two pictures ----------------------------------------------------
  const two = (number) => String(number).padStart(2, "0");
  const leftWords = JSON.parse(body.dataset.leftWords ?? "{}");
  const left = (ms) => {
    const seconds = Math.floor(ms / 1000), minutes = Math.floor(ms / 6e4), hours = Math.floor(ms / 36e5), days = Math.floor(ms / 864e5);
    const fill = (name, values) => leftWords[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
    if (seconds <= 0) return leftWords.over;
    if (days >= 7) return fill("days", { days });
    if (days) return fill("days_hours", { days, hours: two(hours % 24) });
    if (hours) return fill("hours_minutes", { hours, minutes: two(minutes % 60) });
    if (minutes >= 5) return fill("minutes", { minutes });
    return minutes ? fill("minutes_seconds", { minutes, seconds: two(seconds % 60) }) : fill("seconds", { seconds });
  };
  const say = (element, text) => { if (element.textContent !== text) element.textContent = text; };
  const tick = () => {
    for (const time of document.querySelectorAll("time[data-left]")) say(time, left(Date.parse(time.dateTime) - now()));
    // In the company's zone, which the server's own words are in: moved on by what passed since.
    for (const time of document.querySelectorAll("time[data-clock]")) {
      const [, hours, minutes] = /T(\d\d):(\d\d)/.exec(time.getAttribute("datetime")) ?? [, 0, 0];
      const began = Date.parse(time.getAttribute("datetime")), passed = Math.floor(now() / 60_000) - Math.floor(began / 60_000);
      const at = (Number(hours) * 60 + Number(minutes) + passed) % 1440;
      say(time, `${two(Math.floor(at / 60))}:${two(at % 60)}`);
    }
  };
  // Nothing may burn in: every two minutes the picture stands a few pixels elsewhere.
  const places = [[0, 0], [2, 1], [4, 3], [1, 4], [-2, 3], [-4, 1], [-3, -2], [-1, -4], [2, -3], [4, -1]];
  const shift = () => {
    const [x, y] = places[Math.floor(now() / 120_000) % places.length];
    frame.style.transform = `translate(${x}px, ${y}px)`;
  };
  const keepAwake = () => document.visibilityState === "visible" && navigator.wakeLock?.request("screen").catch(() => {});

  // Now and every hour, so that who is switched on while nobody answers shows nothing of last month.
  const keepShell = async () => {
    const files = performance.getEntriesByType("resource").map((entry) => new URL(entry.name))
      .filter((file) => file.origin === location.origin && file.pathname.startsWith("/static/")).map((file) => file.pathname);
    await navigator.serviceWorker.register(`${door}/worker.js`, { scope: door });
    const ready = await navigator.serviceWorker.ready;
    ready.active.postMessage({ keep: path, page: body.dataset.page, files: [...new Set(files)] });
  };

  setInterval(() => { tick(); shift(); }, 1000);
  addEventListener("visibilitychange", keepAwake), keepAwake();
  if (body.dataset.pairing) {
    navigator.serviceWorker?.controller?.postMessage({ forget: true });
    return void pair(body.dataset.pairing);
  }
  history.replaceState(null, "", path);
  remember(stage());
  read(stage());
  listen(stage().dataset.topics);
  // Whatever the page holds may be an hour old: ask at once.
  soon("", 0, 0);
  const keepNow = () => keepShell().catch(() => {});
  navigator.serviceWorker && addEventListener("load", () => { setTimeout(keepNow, 500); setInterval(keepNow, 3_600_000); });
})();
