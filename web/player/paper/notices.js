/** What the invigilator says and does, where the student cannot miss it, and without taking the question away. */

import { el } from "../../shared/element.js";
import { moment, t } from "../../shared/texts.js";

const KINDS = { MESSAGE: "", EXTENDED: "good", PAUSED: "warn", RESUMED: "good", FORCED: "bad" };

/** A list of notices above the question; each stays until the student has read it. */
export class Notices {
  #clock;
  element = el("div", { class: "notices", role: "log", "aria-live": "assertive", "aria-label": t("notices") });

  constructor(clock) {
    this.#clock = clock;
  }

  show({ kind, text, minutes, at }) {
    if (!(kind in KINDS)) return;
    const said = kind === "MESSAGE" ? text : t(`notice-${kind}`, { count: minutes ?? 0 });
    const title = el("strong", {}, kind === "MESSAGE" ? t("from-invigilator") : said);
    const time = el("span", { class: "soft number" }, moment(at, this.#clock.now()));
    this.#add(KINDS[kind], title, " ", time, kind === "MESSAGE" ? el("span", { class: "said" }, said) : null);
  }

  /** Tell what this device does. */
  warn(text) {
    this.#add("warn", text);
  }

  #add(kind, ...said) {
    const noted = el("button", { type: "button", on: { click: () => note.remove() } }, t("read-it"));
    const note = el("div", { class: `notice ${kind}` }, el("p", {}, ...said), noted);
    this.element.append(note);
  }
}

/** Return what lies over the paper while it is paused. */
export function pausedCurtain() {
  return el(
    "div",
    { class: "curtain", role: "status" },
    el("div", { class: "card center" }, el("h2", {}, t("paused-title")), el("p", {}, t("paused"))),
  );
}
