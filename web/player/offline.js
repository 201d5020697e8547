/** Have the page kept on this device, so that it opens again without a network. */

import { scriptAddress } from "../shared/content.js";

/** Register the service worker, and name to it what this page was made of. Does nothing where browsers have none. */
export async function keepPage() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  await workers.register(scriptAddress("/worker.js"), { scope: "/" });
  const { active } = await workers.ready;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
  active.postMessage([location.pathname, ...loaded.filter((path) => path.startsWith("/web/"))]);
}
