/** A question as a student will see it, and its key beside it. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { written } from "../../shared/written.js";

/** Return a question of the bank, read anew. Throws Unreachable, Refused. */
export async function preview(app, id, version = null) {
  const { question } = await app.client.ask("Question", { id, version });
  return question ? shownQuestion(question) : el("p", { class: "soft" }, t("question-missing"));
}

/** Return a question, of the bank or of a paper, with its `key`. */
export function shownQuestion(question) {
  const { tags, marking } = question;
  return el("article", { class: "stack" },
    el("div", { class: "chips" }, el("span", { class: "tag live" }, t(`type-${question.type}`)),
      tags ? [tags.subject, tags.topic, tags.difficulty, ...tags.labels].filter(Boolean).map((tag) => el("span", { class: "tag" }, tag)) : null),
    question.title ? el("h2", {}, question.title) : null,
    question.passage ? el("blockquote", {}, written(question.passage)) : null,
    el("div", { class: "stem" }, written(question)),
    ...choices(question), key(question),
    marking ? el("p", { class: "soft" }, t("marks-of", { correct: marking.correct, wrong: marking.wrong })) : null,
    question.version ? el("p", { class: "soft" }, t("version-number", { number: question.version })) : null);
}

function choices(question) {
  const right = new Set(question.key?.correct ?? []);
  const weights = new Map((question.key?.weights ?? []).map(({ optionId, fraction }) => [optionId, fraction]));
  const list = (options, name) => (options.length === 0 ? null : el("ol", { class: `options ${name}`, type: "A" }, options.map((option) =>
    el("li", { class: right.has(option.id) ? "right" : "" }, written(option), right.has(option.id) ? el("span", { class: "tag good" }, t("right")) : null,
      weights.has(option.id) ? el("span", { class: "tag" }, weights.get(option.id)) : null))));
  return [list(question.options, "choices"), list(question.rows, "rows"), list(question.columns, "columns")];
}

function key(question) {
  if (!question.key) return question.type === "ESSAY" ? null : el("p", { class: "notice warn" }, t("no-key"));
  const label = (options, id) => {
    const at = options.findIndex((option) => option.id === id);
    return at < 0 ? "?" : String.fromCharCode(65 + at);
  };
  const said = [
    ...(question.key.numbers ?? []).map(({ low, high }) => (low === high ? low : `${low} … ${high}`)),
    ...(question.key.texts ?? []).map(({ text, fraction }) => (fraction === "1" ? text : `${text} (${fraction})`)),
    ...(question.key.order?.length ? [question.key.order.map((id) => label(question.options, id)).join(" → ")] : []),
    ...(question.key.rows ?? []).map(({ rowId, columnIds }) => `${label(question.rows, rowId)} → ${columnIds.map((id) => label(question.columns, id)).join(", ")}`),
  ];
  return said.length ? el("p", { class: "key" }, el("strong", {}, `${t("right-answer")}: `), said.join("; ")) : null;
}
