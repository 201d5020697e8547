/** The question bank: searched, filtered, and each question as students will see it, with what is right. */

import { el, fill } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { failure } from "../parts/problems.js";
import { paged, table } from "../parts/table.js";
import { filters, readFilter } from "./filters.js";
import { preview } from "./preview.js";

const SNIPPET = 140;

/** Return the bank. Throws Unreachable, Refused. */
export async function bankScreen(app) {
  const list = el("div", {});
  const shown = el("aside", { class: "card preview", "aria-live": "polite" }, el("p", { class: "soft" }, t("preview-hint")));
  const open = async (id) => fill(shown, await preview(app, id).catch(failure));
  const form = filters(async () => fill(list, await found(app, readFilter(form), open).catch(failure)));
  fill(list, await found(app, readFilter(form), open));
  const importing = app.may("AUTHOR") ? el("a", { class: "button primary", href: "#import" }, t("import")) : null;
  return el("main", { class: "page wide" }, el("div", { class: "head" }, el("h1", { tabindex: "-1" }, t("nav-questions")), importing), form,
    el("div", { class: "beside" }, list, shown));
}

function found(app, filter, open) {
  return paged(async (after) => (await app.client.ask("Questions", { filter, first: 50, after })).questions, (questions) => table({
    caption: t("nav-questions"),
    rows: questions,
    empty: t("no-questions"),
    columns: [
      { title: t("question"), of: (question) => el("button", { type: "button", class: "link", on: { click: () => open(question.id) } }, snippet(question)) },
      { title: t("type"), of: ({ type }) => t(`type-${type}`) },
      { title: t("subject"), of: ({ tags }) => [tags.subject, tags.topic].filter(Boolean).join(" · ") || "–" },
      { title: t("version"), kind: "number", of: ({ version }) => String(version) },
    ],
  }));
}

/** Return the beginning of a question's text. */
export function snippet({ text }) {
  const said = text.replaceAll(/\s+/g, " ");
  return said.length > SNIPPET ? `${said.slice(0, SNIPPET)}…` : said;
}
