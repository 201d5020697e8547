/** What is alike beyond chance: evidence for a person, with what was tried to find it. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { table } from "../parts/table.js";
import { chance, rounded } from "./figures.js";

/** Return the part, read by itself. Throws Unreachable, Refused. */
export async function integrityPart(app, id) {
  const { integrity } = (await app.client.ask("ReportIntegrity", { id })).report;
  if (!integrity) return null;
  const members = (pair) => pair.members.map(({ name }) => name ?? "?").join(" · ");
  const nodes = (list) => list.edges.map(({ node }) => node);
  return el("section", { class: "card stack" }, el("h3", {}, t("integrity")), el("p", { class: "notice" }, t("integrity-lead")),
    integrity.skipped ? el("p", { class: "soft" }, integrity.skipped) : el("p", { class: "soft" }, t("pairs-tried", { count: integrity.answers.pairsTried.toLocaleString() })),
    table({ caption: t("agreement"), rows: nodes(integrity.answers.pairs), empty: t("no-pairs"), columns: [
      { title: t("pair"), of: members },
      { title: t("agreement"), kind: "number", of: ({ identicalWrong, expected }) => `${identicalWrong} (${rounded(expected, 1)})` },
      { title: "ω", kind: "number", of: ({ index }) => rounded(index, 1) },
      { title: t("significance"), kind: "number", of: ({ adjusted }) => chance(adjusted) },
    ] }),
    integrity.paces.pairs.edges.length ? table({ caption: t("integrity"), rows: nodes(integrity.paces.pairs), columns: [
      { title: t("pair"), of: members },
      { title: t("time-by-question"), kind: "number", of: ({ stepsAlike, stepsShared }) => `${stepsAlike} / ${stepsShared}` },
      { title: t("significance"), kind: "number", of: ({ adjusted }) => chance(adjusted) },
    ] }) : null);
}
