/** The students of a sitting, found by where they are, each with what can be done for one. */

import { el, fill } from "../../shared/element.js";
import { clockFace, moment, t } from "../../shared/texts.js";
import { field, menu, text, tick } from "../parts/fields.js";
import { failure } from "../parts/problems.js";
import { paged, table } from "../parts/table.js";
import { announce, commands } from "./commands.js";

const AGAIN = 10_000;
const PRESENCES = ["ONLINE", "IDLE", "OFFLINE"];
const STATES = ["IN_PROGRESS", "SUBMITTED", "GRADED", "PREPARED", "VOID"];

/** Reads itself anew every ten seconds while nothing is picked. */
export class Students {
  #timer = 0;

  constructor(app, test) {
    this.app = app;
    this.test = test;
    this.picked = new Set();
    this.list = el("div", {});
    this.chosen = el("div", { class: "chosen actions", hidden: true });
    this.form = el("form", { class: "filters", role: "search", on: { submit: (event) => event.preventDefault(), change: () => this.show() } },
      field(t("search"), text("search", "", { type: "search" })),
      field(t("presence"), menu("presence", [["", t("all")], ...PRESENCES.map((each) => [each, t(`presence-${each}`)])])),
      field(t("state"), menu("state", [["", t("all")], ...STATES.map((each) => [each, t(`attempt-${each}`)])])),
      tick("away", t("away")), tick("paused", t("paused")));
    this.element = el("section", { class: "stack", "aria-label": t("students") }, this.form, this.chosen, this.list);
  }

  /** Read the list anew. */
  async show() {
    clearTimeout(this.#timer);
    this.picked.clear();
    this.#tellChosen();
    fill(this.list, await this.#found().catch(failure));
    this.#timer = setTimeout(() => this.#again(), AGAIN);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #again() {
    if (this.picked.size === 0 && !this.element.contains(document.activeElement)) this.show();
    else this.#timer = setTimeout(() => this.#again(), AGAIN);
  }

  #filter() {
    const { search, presence, state, away, paused } = this.form.elements;
    return {
      ...(search.value.trim() ? { search: search.value.trim() } : {}),
      ...(presence.value ? { presence: presence.value } : {}),
      ...(state.value ? { states: [state.value] } : {}),
      ...(away.checked ? { away: true } : {}),
      ...(paused.checked ? { paused: true } : {}),
    };
  }

  #found() {
    const read = async (after) => (await this.app.client.ask("SittingStudents", { testId: this.test.id, filter: this.#filter(), after })).sittingStudents;
    return paged(read, (rows) => table({ caption: t("students"), rows, empty: t("nobody"), columns: this.#columns() }));
  }

  #columns() {
    const total = this.test.sections.reduce((sum, { questionCount }) => sum + questionCount, 0);
    return [
      { title: t("name"), of: (row) => el("span", { class: "picks" }, this.#box(row), row.student?.name ?? "–") },
      { title: t("login-name"), of: ({ student }) => el("code", {}, student?.login ?? "–") },
      { title: t("state"), of: (row) => state(row) },
      { title: t("presence"), of: (row) => presence(row, this.app.clock.now()) },
      { title: t("answered"), kind: "number", of: ({ answered }) => `${answered ?? 0} / ${total}` },
      { title: t("focus-lost"), kind: "number", of: ({ focusLost }) => String(focusLost ?? 0) },
      { title: t("time-left"), kind: "number", of: ({ attempt }) => this.#left(attempt) },
    ];
  }

  #left(attempt) {
    if (attempt?.state !== "IN_PROGRESS" || !attempt.deadline) return "–";
    return el("span", { title: moment(attempt.deadline.at, this.app.clock.now()) }, clockFace(this.app.clock.secondsUntil(attempt.deadline.at)));
  }

  #box({ student, attempt }) {
    if (attempt?.state !== "IN_PROGRESS") return null;
    return el("input", { type: "checkbox", "aria-label": t("pick-person", { name: student?.name ?? "" }), on: { change: (event) => {
      if (event.target.checked) this.picked.add(attempt.id);
      else this.picked.delete(attempt.id);
      this.#tellChosen();
    } } });
  }

  #tellChosen() {
    const ids = () => [...this.picked];
    this.chosen.hidden = this.picked.size === 0;
    fill(this.chosen, el("span", { class: "soft", role: "status" }, t("picked", { count: this.picked.size })),
      el("button", { type: "button", on: { click: () => announce(this.app, this.test, ids()) } }, t("announce")), commands(this.app, this.test, ids, () => this.show()));
  }
}

function state({ attempt }) {
  if (!attempt) return el("span", { class: "tag" }, t("not-started"));
  const kind = { IN_PROGRESS: "live", SUBMITTED: "good", GRADED: "good" }[attempt.state] ?? "";
  return [el("span", { class: `tag ${kind}` }, t(`attempt-${attempt.state}`)), attempt.paused ? el("span", { class: "tag marked" }, t("paused")) : null];
}

function presence({ presence: where, lastSeenAt, away, attempt }, now) {
  if (attempt?.state !== "IN_PROGRESS" || !where) return "–";
  const seen = lastSeenAt ? t("seen", { at: moment(lastSeenAt, now) }) : "";
  return el("span", { class: `presence ${where.toLowerCase()}`, title: seen }, t(`presence-${where}`), away ? el("span", { class: "tag warn" }, t("away")) : null);
}
