/** The reports of a test: asked for, followed while they are made, and read. */

import { ask } from "../../shared/dialog.js";
import { el, fill } from "../../shared/element.js";
import { moment, t } from "../../shared/texts.js";
import { field, text, tick } from "../parts/fields.js";
import { failure, problems } from "../parts/problems.js";
import { table } from "../parts/table.js";
import { reportShown } from "./report.js";

const KINDS = ["STANDINGS", "TEST", "ITEMS", "BEHAVIOUR", "STUDENT", "INTEGRITY", "CALIBRATION"];
const BEAT = 2_000;
const UNDER_WAY = new Set(["REQUESTED", "RUNNING"]);

/** Return the tab: all reports, or the one with the id. Throws Unreachable, Refused. */
export async function reportsTab(app, test, id = null) {
  if (id) return reportShown(app, test, id);
  const list = el("div", {});
  let timer = 0;
  const show = async () => {
    const reports = await read(app, test);
    fill(list, rows(app, test, reports));
    clearTimeout(timer);
    if (reports.some(({ state }) => UNDER_WAY.has(state))) timer = setTimeout(() => show().catch((error) => fill(list, failure(error))), BEAT);
  };
  app.left.push(() => clearTimeout(timer));
  await show();
  return el("div", { class: "stack" }, el("div", { class: "head" }, el("h2", {}, t("tab-reports")),
    el("button", { type: "button", class: "primary", on: { click: () => request(app, test, show) } }, t("make-report"))), list);
}

async function read(app, test) {
  return (await app.client.ask("TestReports", { id: test.id })).test.reports.edges.map(({ node }) => node);
}

function rows(app, test, reports) {
  return table({ caption: t("tab-reports"), rows: reports, empty: t("no-reports"), columns: [
    { title: t("when"), of: (report) => (report.state === "READY" ? el("a", { href: `#test/${test.id}/reports/${report.id}` }, moment(report.requestedAt, app.clock.now())) : moment(report.requestedAt, app.clock.now())) },
    { title: t("state"), of: (report) => standing(report) },
    { title: t("report-kinds"), of: ({ kinds }) => kinds.map((kind) => t(`kind-${kind}`)).join(", ") },
    { title: t("students"), kind: "number", of: ({ students }) => (students === null ? "–" : String(students)) },
  ] });
}

function standing({ state, progress, reason }) {
  const kind = { READY: "good", FAILED: "bad", RUNNING: "live" }[state] ?? "";
  const part = state === "RUNNING" ? el("progress", { max: "1", value: String(progress), "aria-label": t("report-RUNNING") }) : null;
  return el("span", { class: "stack tight" }, el("span", { class: `tag ${kind}` }, t(`report-${state}`)), part, state === "FAILED" ? el("span", { class: "soft" }, reason) : null);
}

async function request(app, test, done) {
  const form = el("div", { class: "stack" },
    el("fieldset", {}, el("legend", {}, t("report-kinds")), KINDS.map((kind) => tick("kind", t(`kind-${kind}`), true, null, { value: kind }))),
    field(t("groups-only"), text("groups"), t("groups-only-hint")));
  const note = el("div", {});
  while ((await ask({ title: t("make-report"), body: [form, note], actions: [{ value: "", text: t("cancel") }, { value: "yes", text: t("make-report"), kind: "primary" }] })) === "yes") {
    const groups = form.querySelector('[name="groups"]').value.split(",").map((each) => each.trim()).filter(Boolean);
    const kinds = [...form.querySelectorAll('[name="kind"]:checked')].map(({ value }) => value);
    try {
      const payload = await app.client.change("RequestReport", { testIds: [test.id], kinds, ...(groups.length ? { groups } : {}) });
      if (payload.userErrors.length === 0) return await done();
      fill(note, problems(payload.userErrors));
    } catch (error) {
      fill(note, failure(error));
    }
  }
}
