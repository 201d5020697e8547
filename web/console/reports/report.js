/** One report, part by part. */

import { el } from "../../shared/element.js";
import { Refused } from "../../shared/graphql.js";
import { moment, t } from "../../shared/texts.js";
import { paged, table } from "../parts/table.js";
import { behaviourPart } from "./behaviour.js";
import { calibrationPart } from "./calibration.js";
import { integrityPart } from "./integrity.js";
import { itemsPart } from "./items.js";
import { scoresPart } from "./scores.js";

/** Return a report that is ready. Throws Unreachable, Refused. */
export async function reportShown(app, test, id) {
  const { report } = await app.client.ask("StaffReport", { id });
  if (!report) throw new Refused("NOT_FOUND", t("not-found"));
  const has = (kind) => report.kinds.includes(kind);
  return el("div", { class: "stack report" },
    el("div", { class: "head" }, el("div", {}, el("p", {}, el("a", { href: `#test/${test.id}/reports` }, `← ${t("all-reports")}`)),
      el("h2", {}, t("report-of", { at: moment(report.readyAt ?? report.requestedAt, app.clock.now()) }))),
    report.page ? el("a", { class: "button", href: report.page.url, target: "_blank", rel: "noopener" }, t("print-page")) : null),
    report.reason ? el("p", { class: "notice bad" }, report.reason) : null,
    report.scores?.length ? scoresPart(report.scores[0]) : null,
    report.items ? itemsPart(report.items.edges.map(({ node }) => node)) : null,
    report.behaviour ? behaviourPart(report.behaviour) : null,
    has("INTEGRITY") && report.state === "READY" ? await integrityPart(app, id) : null,
    has("CALIBRATION") && report.state === "READY" ? await calibrationPart(app, id) : null,
    has("STANDINGS") && report.state === "READY" ? await standingsPart(app, id) : null);
}

async function standingsPart(app, id) {
  const list = await paged(async (after) => (await app.client.ask("ReportStandings", { id, after })).report.standings, (rows) => table({
    caption: t("standings"),
    rows,
    columns: [
      { title: t("name"), of: ({ name }) => name ?? "–" },
      { title: t("external-id"), of: ({ externalId }) => externalId ?? "–" },
      { title: t("rank"), kind: "number", of: ({ rank }) => String(rank) },
      { title: t("score"), kind: "number", of: ({ score }) => score },
      { title: t("percentile"), kind: "number", of: ({ percentile }) => percentile },
    ],
  }));
  return el("section", { class: "card stack" }, el("h3", {}, t("standings")), list);
}
