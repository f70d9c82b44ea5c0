// What answers a screen when the server does not: the last page it had, with its style sheets, script
// and fonts. It keeps nothing else, and forgets it when the screen is no screen any more.
"use strict";
const CACHE = "fanfare-screen", SHELL = "/screens";
const HOLD_ON = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="10">
<meta name="color-scheme" content="dark"><title>Fanfare</title><h1>One moment</h1><p>This screen comes back by itself.</p>`;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

// All of it or nothing: a page without its script would never come back. Nor would a newer version's page
// with this one's; that one is kept when it is loaded.
const keep = async ({ keep: path, page, files }) => {
  const answers = await Promise.all([path, ...files].map((file) => fetch(file, { cache: "no-cache" })));
  if (answers.some((answer) => !answer.ok || answer.redirected)) return;
  if (!(await answers[0].clone().text()).includes(`data-page="${page}"`)) return;
  const cache = await caches.open(CACHE);
  await Promise.all(files.map((file, at) => cache.put(file, answers[at + 1])));
  await cache.put(SHELL, answers[0]);
  const wanted = new Set([SHELL, ...files]);
  for (const kept of await cache.keys()) if (!wanted.has(new URL(kept.url).pathname)) await cache.delete(kept);
};
addEventListener("message", (event) => {
  if (event.data?.forget) event.waitUntil(caches.delete(CACHE));
  else if (event.data?.keep) event.waitUntil(keep(event.data).catch(() => {}));
});

const page = async (request) => {
  try {
    const answer = await fetch(request);
    if (answer.status < 500) return answer;
  } catch { /* nobody answers: below */ }
  const kept = await caches.match(SHELL);
  return kept ?? new Response(HOLD_ON, { headers: { "Content-Type": "text/html; charset=utf-8" } });
};
const file = async (request) => (await caches.match(request)) ?? fetch(request);

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});
