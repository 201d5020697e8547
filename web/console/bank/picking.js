/** Picking questions of the bank for a section. */

import { ask } from "../../shared/dialog.js";
import { el, fill } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { failure } from "../parts/problems.js";
import { paged } from "../parts/table.js";
import { snippet } from "./bank.js";
import { filters, readFilter } from "./filters.js";

/** Return the questions that were picked; those in `there` are not offered. */
export async function pick(app, there, subject) {
  const picked = new Map();
  const count = el("p", { class: "soft", role: "status" });
  const list = el("div", { class: "picking" });
  const tell = () => fill(count, t("picked", { count: picked.size }));
  const search = async () => fill(list, await found(app, readFilter(form), there, picked, tell).catch(failure));
  const form = filters(search, subject ?? "");
  tell();
  await search();
  const answer = await ask({ title: t("add-questions"), body: [form, count, list], wide: true,
    actions: [{ value: "", text: t("cancel") }, { value: "add", text: t("add"), kind: "primary" }] });
  return answer === "add" ? [...picked.values()] : [];
}

function found(app, filter, there, picked, tell) {
  return paged(async (after) => (await app.client.ask("Questions", { filter, first: 50, after })).questions, (questions) => {
    const offered = questions.filter(({ id }) => !there.has(id));
    if (offered.length === 0) return el("p", { class: "soft" }, t("no-questions"));
    return el("ul", { class: "offered" }, offered.map((question) => offer(question, picked, tell)));
  });
}

function offer(question, picked, tell) {
  const id = `pick-${question.id}`;
  const change = (event) => {
    if (event.target.checked) picked.set(question.id, question);
    else picked.delete(question.id);
    tell();
  };
  return el("li", { class: "tick" }, el("input", { type: "checkbox", id, checked: picked.has(question.id), on: { change } }),
    el("label", { for: id }, el("span", { class: "tag" }, t(`type-${question.type}`)), " ", snippet(question)));
}
