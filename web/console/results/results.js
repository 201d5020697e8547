/** Results of a test: who earned what, files of it, and what students see. */

import { el, fill } from "../../shared/element.js";
import { toast } from "../../shared/toast.js";
import { moment, t } from "../../shared/texts.js";
import { busy } from "../parts/busy.js";
import { fetchFile } from "../parts/download.js";
import { paged, table } from "../parts/table.js";
import { gates } from "./gates.js";
import { finished } from "./tasks.js";

/** Return the tab. Throws Unreachable, Refused. */
export async function resultsTab(app, test) {
  const list = await paged(async (after) => (await app.client.ask("Results", { testId: test.id, after })).attempts, (attempts) => rows(app, test, attempts));
  const note = el("p", { class: "soft", role: "status" });
  const saving = (format) => el("button", { type: "button", on: { click: busy(() => exported(app, test, format, note)) } }, t("save-as", { format }));
  return el("div", { class: "stack" }, app.may("AUTHOR") ? gates(app, test) : null,
    el("section", { class: "stack" }, el("div", { class: "head" }, el("h2", {}, t("tab-results")), el("div", { class: "actions" }, saving("CSV"), saving("XLSX"))), note, list));
}

function rows(app, test, attempts) {
  const titles = new Map(test.sections.map(({ id, title }) => [id, title]));
  const sum = (attempt, name) => (attempt.result?.total ? String(attempt.result.total[name]) : "–");
  return table({
    caption: t("tab-results"),
    rows: attempts,
    empty: t("no-attempts"),
    columns: [
      { title: t("name"), of: ({ student }) => student?.name ?? "–" },
      { title: t("login-name"), of: ({ student }) => el("code", {}, student?.login ?? "–") },
      { title: t("state"), of: ({ state, closedBy }) => [el("span", { class: `tag ${state === "GRADED" ? "good" : ""}` }, t(`attempt-${state}`)), closedBy && closedBy !== "STUDENT" ? ` ${t(`closed-${closedBy}`)}` : null] },
      { title: t("submitted-at"), of: ({ submittedAt }) => (submittedAt ? moment(submittedAt, app.clock.now()) : "–") },
      { title: t("marks"), kind: "number", of: ({ result }) => (result?.total ? el("strong", {}, `${result.total.marks} / ${result.total.maximum}`) : "–") },
      ...[...titles].map(([id, title]) => ({ title, kind: "number", of: ({ result }) => result?.sections?.find(({ sectionId }) => sectionId === id)?.sum.marks ?? "–" })),
      { title: "✓", kind: "number", of: (attempt) => sum(attempt, "correct") },
      { title: "✗", kind: "number", of: (attempt) => sum(attempt, "wrong") },
      { title: "–", kind: "number", of: (attempt) => sum(attempt, "unanswered") },
      { title: t("rank"), kind: "number", of: ({ standing }) => (standing ? String(standing.rank) : "–") },
    ],
  });
}

async function exported(app, test, format, note) {
  const payload = await app.client.change("ExportResults", { testId: test.id, format });
  if (payload.userErrors.length) return toast(payload.userErrors[0].message, "warn");
  const task = await finished(app, payload.task.id, ({ done, total }) => fill(note, total ? t("made-of", { done, total }) : t("being-made")));
  fill(note, task.state === "DONE" ? null : (task.message ?? t("failed")));
  const file = task.downloads.find((download) => download.format === format);
  if (file) await fetchFile(app.session, file.url, `${test.title}.${format.toLowerCase()}`);
}
