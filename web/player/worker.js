/**
 * The service worker: a page that is opened again without a network comes from what was kept. Files under `/web/<version>/`
 * never change, so the kept ones are taken first; the page itself is asked for first, and kept for when that fails.
 */

const KEPT = "tp-files";
const PATIENCE = 4000;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/web/")) event.respondWith(keptFirst(request));
  else if (request.mode === "navigate" && /^\/(t\/[^/]+\/)?$/.test(pathname)) event.respondWith(askedFirst(request));
});

async function keptFirst(request) {
  // Whether a request tells its origin changes nothing in a file of ours.
  const kept = await caches.match(request, { ignoreVary: true });
  return kept ?? fetched(request);
}

async function askedFirst(request) {
  try {
    return await fetched(request, AbortSignal.timeout(PATIENCE));
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function fetched(request, signal) {
  const answer = await fetch(request, signal ? { signal } : {});
  if (answer.ok) await (await caches.open(KEPT)).put(request, answer.clone());
  return answer;
}

// What a page had loaded before there was a worker.
addEventListener("message", ({ data }) => {
  caches.open(KEPT).then(async (cache) => {
    const wanted = new Set(data.map((path) => new URL(path, location.origin).href));
    for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
    await cache.addAll(wanted);
  });
});
