/** Importing questions: tried first, with every mistake at its line, and only then done. */

import { el, fill } from "../../shared/element.js";
import { toast } from "../../shared/toast.js";
import { t } from "../../shared/texts.js";
import { busy } from "../parts/busy.js";
import { area, field, menu, text } from "../parts/fields.js";
import { table } from "../parts/table.js";
import { snippet } from "./bank.js";

const FORMATS = ["GIFT", "AIKEN"];

/** Return the screen. */
export async function importScreen(app) {
  const outcome = el("div", { role: "status", class: "stack" });
  const content = area("content", "", 16, { required: true, spellcheck: "false", class: "code" });
  const file = el("input", { type: "file", accept: ".txt,.gift,text/plain", on: { change: async (event) => {
    const [chosen] = event.target.files;
    if (chosen) content.value = await chosen.text();
  } } });
  const run = async (dryRun) => fill(outcome, result(await app.client.change("ImportQuestions", read(form, dryRun)), content.value));
  const form = el("form", { class: "card stack", on: { submit: busy((event) => run(event.submitter.value === "try")) } },
    el("div", { class: "grid" }, field(t("format"), menu("format", FORMATS.map((name) => [name, name]))), field(t("language-of"), text("language", "en", { required: true, size: "3" })),
      field(t("subject"), text("subject")), field(t("topic"), text("topic"))),
    field(t("file"), file), field(t("or-paste"), content),
    el("div", { class: "actions" }, el("button", { type: "submit", value: "try" }, t("dry-run")), el("button", { type: "submit", value: "do", class: "primary" }, t("import"))));
  return el("main", { class: "page" }, el("h1", { tabindex: "-1" }, t("import-questions")), el("p", { class: "soft" }, t("import-lead")), form, outcome);
}

function read(form, dryRun) {
  const tags = { subject: form.elements.subject.value.trim() || null, topic: form.elements.topic.value.trim() || null };
  return { format: form.elements.format.value, content: form.elements.content.value, language: form.elements.language.value.trim(), tags, dryRun };
}

function result(payload, content) {
  if (payload.userErrors.length) return [el("p", { class: "notice bad", role: "alert" }, t("import-errors", { count: payload.userErrors.length })), mistakes(payload.userErrors, content)];
  if (payload.written) toast(t("imported", { count: payload.questions.length }), "good");
  return [
    el("p", { class: "notice good" }, t(payload.written ? "imported" : "would-import", { count: payload.questions.length })),
    payload.losses.length ? losses(payload.losses) : null,
    table({ caption: t("nav-questions"), rows: payload.questions, columns: [{ title: t("question"), of: snippet }, { title: t("type"), of: ({ type }) => t(`type-${type}`) }] }),
  ];
}

/** Return each mistake beside the line where it is. */
function mistakes(errors, content) {
  const lines = content.split("\n");
  return table({ caption: t("mistakes"), rows: errors, columns: [
    { title: t("line"), kind: "number", of: ({ path }) => path[1] ?? "–" },
    { title: t("mistake"), of: ({ message }) => message.replace(/^line \d+: /, "") },
    { title: t("written-there"), of: ({ path }) => el("code", {}, lines[Number(path[1]) - 1]?.slice(0, 120) ?? "") },
  ] });
}

function losses(found) {
  return table({ caption: t("losses"), rows: found, columns: [
    { title: t("line"), kind: "number", of: ({ line }) => String(line) },
    { title: t("losses"), of: ({ message, title }) => (title ? `${title}: ${message}` : message) },
  ] });
}
