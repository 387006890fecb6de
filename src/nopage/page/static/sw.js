"use strict";
// Keeps the page's own files, each by its hash, and answers with them; nothing else ever goes through here.
const KEPT = "nopage-" + "VERSION";
const FILES = "FILES";
const address = (name) => new URL(name, self.registration.scope).href;
const KNOWN = new Set(FILES.map(([name]) => address(name)));

async function keep() {
  const kept = await caches.open(KEPT);
  await Promise.all(FILES.map(async ([name, integrity]) => {
    const answer = await fetch(address(name), {integrity, cache: "no-cache", credentials: "omit"});
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    await kept.put(address(name), answer);
  }));
}
addEventListener("install", (event) => event.waitUntil(keep().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("nopage-") && name !== KEPT) await caches.delete(name);
  await clients.claim();
})()));
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  url.hash = url.search = "";
  let name = url.href;
  if (name === self.registration.scope) name = address("index.html");
  if (event.request.method !== "GET" || !KNOWN.has(name)) {
    if (url.href !== address("sw.js")) event.respondWith(Response.error());
    return;
  }
  event.respondWith((async () => (await (await caches.open(KEPT)).match(name)) ?? fetch(name))());
});
