/** Who is logged in. The token lives as long as the tab: a shared computer keeps nobody's. */

const KEPT = "tp-session";

/** Emits `change`. `expired`: it was the server that ended it. */
export class Session extends EventTarget {
  #kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  expired = false;

  get token() {
    return this.#kept?.token ?? null;
  }

  /** `id name roles tenant` of whoever is logged in, or `null`. */
  get viewer() {
    return this.#kept?.viewer ?? null;
  }

  begin(token, viewer) {
    this.#keep({ token, viewer }, false);
  }

  end(expired = false) {
    this.#keep(null, expired);
  }

  #keep(kept, expired) {
    this.#kept = kept;
    this.expired = expired;
    if (kept) sessionStorage.setItem(KEPT, JSON.stringify(kept));
    else sessionStorage.removeItem(KEPT);
    this.dispatchEvent(new Event("change"));
  }
}
