/** The Rasch model of the questions: how hard each is, and how well it fits. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { table } from "../parts/table.js";
import { rounded } from "./figures.js";

/** Return the part, read by itself. Throws Unreachable, Refused. */
export async function calibrationPart(app, id) {
  const { calibration } = (await app.client.ask("ReportCalibration", { id })).report;
  if (!calibration) return null;
  return el("section", { class: "card stack" }, el("h3", {}, t("calibration")),
    calibration.models.filter(({ reason }) => reason).map(({ reason }) => el("p", { class: "soft" }, reason)),
    el("details", {}, el("summary", {}, t("difficulty")), table({ caption: t("calibration"), rows: calibration.items.edges.map(({ node }) => node), columns: [
      { title: t("number"), kind: "number", of: ({ number }) => String(number) },
      { title: t("subject"), of: ({ subject }) => subject ?? "–" },
      { title: t("difficulty"), kind: "number", of: ({ difficulty, difficultyError }) => `${rounded(difficulty)} ± ${rounded(difficultyError)}` },
      { title: t("fit"), kind: "number", of: ({ infit, outfit }) => `${rounded(infit)} / ${rounded(outfit)}` },
    ] })));
}
