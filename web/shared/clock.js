const KEPT = "tp-clock";

/**
 * The server's clock, followed without trusting this device's: each answer that tells the server's time bounds how far it is
 * from `performance.now()`, which nobody can set and which only goes forward.
 */
export class ServerClock {
  #low = -Infinity;
  #high = Infinity;
  /** How far the server's clock was from this device's when last heard: enough to open a page without a network. */
  #kept = Number(localStorage.getItem(KEPT) ?? NaN);

  get known() {
    return this.#isBounded || !Number.isNaN(this.#kept);
  }

  get #isBounded() {
    return this.#high < Infinity;
  }

  /** Take in the server's time (milliseconds) of an answer to what was sent and received at these local instants. */
  learn(serverNow, sentAt, receivedAt) {
    const [low, high] = [serverNow - receivedAt, serverNow - sentAt];
    // Bounds that contradict what is known tell that the local clock stood still, as it does while a laptop sleeps.
    const agrees = low <= this.#high && high >= this.#low;
    this.#low = agrees ? Math.max(low, this.#low) : low;
    this.#high = agrees ? Math.min(high, this.#high) : high;
    this.#kept = Math.round(this.now() - Date.now());
    localStorage.setItem(KEPT, String(this.#kept));
  }

  /** Return the server's time in milliseconds since 1970. */
  now() {
    return this.#isBounded ? performance.now() + (this.#low + this.#high) / 2 : Date.now() + this.#kept;
  }

  /** Return the seconds until an instant; negative when it has passed. */
  secondsUntil(at) {
    return (Date.parse(at) - this.now()) / 1000;
  }
}
