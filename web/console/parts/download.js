/** Files that are made here or fetched with the token, saved by the browser. */

import { el } from "../../shared/element.js";

/** Save text as a file. */
export function save(name, text, type = "text/csv") {
  keep(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

/** Fetch a file of the platform's own address as whoever is logged in, and save it. Throws Error. */
export async function fetchFile(session, address, name) {
  const url = new URL(address, location.origin);
  const answer = await fetch(url.pathname + url.search, { headers: { Authorization: `Bearer ${session.token}` } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  keep(name, await answer.blob());
}

function keep(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
