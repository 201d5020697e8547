/** The institution that an address names: by its host, `/t/<institution>/…`, or `?institution=`; empty where it names none. */
export function institutionOfAddress() {
  const ofHost = document.querySelector('meta[name="institution"]').content;
  const ofPath = location.pathname.match(/^\/t\/([^/]+)\//)?.[1];
  return ofHost || ofPath || new URLSearchParams(location.search).get("institution") || "";
}

/** Tell whether the address leaves no choice. */
export function institutionIsFixed() {
  return document.querySelector('meta[name="institution"]').content !== "";
}
