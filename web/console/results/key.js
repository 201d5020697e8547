/** The answer key of a published test: looked at, corrected with a reason, and what that moved. */

import { el, fill } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { shownQuestion } from "../bank/preview.js";
import { snippet } from "../bank/bank.js";
import { busy } from "../parts/busy.js";
import { field, menu, text } from "../parts/fields.js";
import { problems } from "../parts/problems.js";
import { table } from "../parts/table.js";
import { keyFields, readKey } from "./key-fields.js";
import { finished } from "./tasks.js";

const POLICIES = ["", "ALL", "ATTEMPTED", "NONE"];

/** Return the tab. Throws Unreachable, Refused. */
export async function keyTab(app, test) {
  const { test: { paper, keyVersion, answerKey } } = await app.client.ask("PaperKeys", { id: test.id });
  const entries = new Map(answerKey.map((entry) => [entry.questionId, entry]));
  const shown = el("aside", { class: "card stack" }, el("p", { class: "soft" }, t("key-hint")));
  const questions = paper.sections.flatMap((section) => section.questions.map((question) => ({ ...question, ...entries.get(question.id), section: section.title })));
  const open = (question) => fill(shown, el("h2", {}, t("question-number", { number: question.number })), shownQuestion(question),
    question.dropped ? el("p", { class: "notice warn" }, t(`drop-${question.dropped}`)) : null, app.may("AUTHOR") ? correction(app, test, question) : null);
  const list = table({ caption: t("tab-key"), rows: questions, columns: [
    { title: t("number"), kind: "number", of: ({ number }) => String(number) },
    { title: t("question"), of: (question) => el("button", { type: "button", class: "link", on: { click: () => open(question) } }, snippet(question)) },
    { title: t("section"), of: ({ section }) => section },
    { title: t("type"), of: ({ type }) => t(`type-${type}`) },
  ] });
  return el("div", { class: "stack" }, el("p", { class: "soft" }, t("key-version", { number: keyVersion })), el("div", { class: "beside" }, list, shown));
}

/** Return the form that corrects the key of one question. */
function correction(app, test, question) {
  const outcome = el("div", { role: "status", class: "stack" });
  const form = el("form", { class: "stack correction", on: { submit: busy(() => correct(app, test, question, form, outcome)) } },
    el("h3", {}, t("correct-key")), keyFields(question), field(t("drop"), menu("dropped", POLICIES.map((policy) => [policy, t(`drop-${policy || "no"}`)]))),
    field(t("reason"), text("reason", "", { required: true, maxlength: "500" }), t("reason-hint")),
    el("div", { class: "actions" }, el("button", { type: "submit", class: "danger" }, t("correct-and-score"))), outcome);
  return form;
}

async function correct(app, test, question, form, outcome) {
  const dropped = form.elements.dropped.value || null;
  const key = readKey(question, form);
  const corrections = [{ questionId: question.id, ...(key ? { key } : {}), ...(dropped ? { dropped } : {}) }];
  const payload = await app.client.change("CorrectAnswerKey", { testId: test.id, corrections, reason: form.elements.reason.value.trim() });
  if (payload.userErrors.length) return fill(outcome, problems(payload.userErrors));
  if (payload.changes) return fill(outcome, difference(payload.scored, payload.changes, false));
  const task = await finished(app, payload.task.id, ({ done, total }) => fill(outcome, el("p", {}, t("scored-of", { done, total: total ?? "?" }))));
  fill(outcome, difference(task.scored, (task.changes?.edges ?? []).map(({ node }) => node), task.changes?.pageInfo.hasNextPage));
}

/** Return whose totals moved. */
function difference(scored, changes, more) {
  return [el("p", { class: "notice good" }, t("scored-again", { count: scored ?? 0 }), " ", t("totals-moved", { count: changes.length })),
    table({ caption: t("changes"), rows: changes, empty: t("no-changes"), columns: [
      { title: t("name"), of: ({ student }) => student?.name ?? "–" },
      { title: t("before"), kind: "number", of: ({ before }) => before },
      { title: t("after"), kind: "number", of: ({ after }) => el("strong", {}, after) },
    ] }), more ? el("p", { class: "soft" }, t("and-more")) : null];
}
