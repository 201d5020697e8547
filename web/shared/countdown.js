/** `<tp-countdown>`: the time left until an instant of the server's clock; emits `over` once. */

import { clockFace } from "./texts.js";

const BEAT = 250;
const SOON = 300;

export class Countdown extends HTMLElement {
  #timer = 0;
  #over = false;

  /** `until`: RFC 3339, or `null` to stand still. */
  start(clock, until) {
    this.clock = clock;
    this.until = until;
    this.#over = false;
    this.tick();
  }

  connectedCallback() {
    this.setAttribute("role", "timer");
    this.#timer = setInterval(() => this.tick(), BEAT);
    this.tick();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  tick() {
    if (!this.until || !this.clock.known) return;
    const left = this.clock.secondsUntil(this.until);
    const face = clockFace(left);
    if (face !== this.textContent) this.textContent = face;
    this.classList.toggle("soon", left <= SOON);
    if (left > 0 || this.#over || !this.isConnected) return;
    this.#over = true;
    this.dispatchEvent(new Event("over"));
  }
}

customElements.define("tp-countdown", Countdown);
