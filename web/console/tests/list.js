/** All tests, newest first, by what has become of them. */

import { ask } from "../../shared/dialog.js";
import { el, fill } from "../../shared/element.js";
import { moment, span, t } from "../../shared/texts.js";
import { field, menu, number, text } from "../parts/fields.js";
import { failure, problems } from "../parts/problems.js";
import { every, table } from "../parts/table.js";

const STATES = ["", "DRAFT", "PUBLISHED", "CLOSED"];

/** Return the list, read anew. Throws Unreachable, Refused. */
export async function testsScreen(app) {
  const tests = await every(async (after) => (await app.client.ask("StaffTests", { after })).tests);
  tests.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
  const list = el("div", {});
  const show = (state) => fill(list, rows(app, tests.filter((test) => !state || test.state === state)));
  const filter = el("div", { class: "segments", role: "group", "aria-label": t("state") }, STATES.map((state) => {
    const count = tests.filter((test) => !state || test.state === state).length;
    return el("button", { type: "button", "aria-pressed": String(state === ""), on: { click: (event) => {
      for (const button of filter.children) button.setAttribute("aria-pressed", String(button === event.currentTarget));
      show(state);
    } } }, t(state ? `state-${state}` : "all"), " ", el("span", { class: "count" }, String(count)));
  }));
  show("");
  const create = app.may("AUTHOR") ? el("button", { type: "button", class: "primary", on: { click: () => begin(app) } }, t("new-test")) : null;
  return el("main", { class: "page wide" }, el("div", { class: "head" }, el("h1", { tabindex: "-1" }, t("nav-tests")), create), filter, list);
}

function rows(app, tests) {
  return table({
    caption: t("nav-tests"),
    rows: tests,
    empty: t("no-tests"),
    columns: [
      { title: t("title"), of: (test) => el("a", { href: `#test/${test.id}` }, test.title) },
      { title: t("state"), of: (test) => stateTag(test) },
      { title: t("questions"), kind: "number", of: (test) => String(test.sections.reduce((sum, { questionCount }) => sum + questionCount, 0)) },
      { title: t("duration"), of: (test) => span(test.durationSeconds) },
      { title: t("window"), of: (test) => windowText(test.schedule, app.clock.now()) },
      { title: t("owner"), of: (test) => test.owner?.name ?? "–" },
    ],
  });
}

/** Return a test's state as a tag; a published one tells whether it is open. */
export function stateTag(test) {
  const kind = { PUBLISHED: "live", CLOSED: "", ARCHIVED: "", DRAFT: "draft" }[test.state];
  return el("span", { class: `tag ${kind}` }, t(test.state === "CLOSED" && test.gates?.score ? "state-RELEASED" : `state-${test.state}`));
}

/** Return when a test is open, in words. */
export function windowText({ opensAt, closesAt }, now) {
  if (!opensAt && !closesAt) return t("always");
  if (!opensAt) return t("until", { at: moment(closesAt, now) });
  return closesAt ? `${moment(opensAt, now)} – ${moment(closesAt, now)}` : t("from", { at: moment(opensAt, now) });
}

async function begin(app) {
  const { presets } = await app.client.ask("Presets");
  const form = el("div", { class: "stack" },
    field(t("title"), text("title", "", { required: true })),
    field(t("duration-minutes"), number("minutes", 180, { min: "1", max: "10080", required: true })),
    field(t("marking"), menu("preset", presets.map(({ name }) => [name, name]), "PLAIN")));
  const value = (name) => form.querySelector(`[name="${name}"]`).value;
  const note = el("div", {});
  while ((await ask({ title: t("new-test"), body: [form, note], actions: [{ value: "", text: t("cancel") }, { value: "create", text: t("create"), kind: "primary" }] })) === "create") {
    try {
      const input = { title: value("title"), durationSeconds: Number(value("minutes")) * 60, marking: { preset: value("preset") } };
      const payload = await app.client.change("CreateTest", input);
      if (payload.userErrors.length === 0) return app.go(`test/${payload.test.id}`);
      fill(note, problems(payload.userErrors));
    } catch (error) {
      fill(note, failure(error));
    }
  }
}
