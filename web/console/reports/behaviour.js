/** Where the time went: quartiles over the students, by subject and by question. */

import { el, svg } from "../../shared/element.js";
import { clockFace, t } from "../../shared/texts.js";
import { table } from "../parts/table.js";
import { rounded } from "./figures.js";

const WIDTH = 720;
const HEIGHT = 180;

/** Return the part. */
export function behaviourPart({ subjects, questions }) {
  return el("section", { class: "card stack" }, el("h3", {}, t("kind-BEHAVIOUR")),
    table({ caption: t("time-by-subject"), rows: subjects, columns: [
      { title: t("subject"), of: ({ subject }) => subject ?? "–" },
      { title: t("median"), kind: "number", of: ({ timeMedian }) => time(timeMedian) },
      { title: t("quartiles"), kind: "number", of: ({ timeLower, timeUpper }) => `${time(timeLower)} – ${time(timeUpper)}` },
      { title: t("sunk"), kind: "number", of: ({ sunk }) => time(sunk) },
      { title: t("returns"), kind: "number", of: ({ returns }) => rounded(returns, 1) },
      { title: t("changes-of-answer"), kind: "number", of: ({ changes }) => (changes === null ? "–" : String(changes)) },
      { title: t("rapid"), kind: "number", of: ({ rapid }) => (rapid === null ? "–" : String(rapid)) },
    ] }), bands(questions.filter(({ timeMedian }) => timeMedian !== null)));
}

function time(seconds) {
  return seconds === null || seconds === undefined ? "–" : clockFace(seconds);
}

/** Return a band from quartile to quartile for every question, with a line at its median. */
function bands(questions) {
  if (questions.length === 0) return null;
  const most = Math.max(1, ...questions.map(({ timeUpper }) => timeUpper));
  const step = WIDTH / questions.length;
  const y = (seconds) => HEIGHT - (seconds / most) * (HEIGHT - 6);
  return el("figure", { class: "plot" }, el("figcaption", {}, `${t("time-by-question")} (${t("middle-half")})`),
    svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + 22}`, role: "img", "aria-label": t("time-by-question") },
      svg("line", { class: "base", x1: "0", x2: String(WIDTH), y1: String(HEIGHT), y2: String(HEIGHT) }),
      questions.map(({ number, timeMedian, timeLower, timeUpper }, at) => [
        svg("rect", { class: "band", x: String(at * step + 1), width: String(Math.max(1, step - 2)), y: String(y(timeUpper)), height: String(Math.max(1, y(timeLower) - y(timeUpper))), rx: "1.5" },
          svg("title", {}, `${t("question-number", { number })}: ${time(timeMedian)}`)),
        svg("line", { class: "median", x1: String(at * step + 1), x2: String((at + 1) * step - 1), y1: String(y(timeMedian)), y2: String(y(timeMedian)) }),
        (at + 1) % 10 === 0 ? svg("text", { x: String((at + 0.5) * step), y: String(HEIGHT + 16), "text-anchor": "middle" }, String(number)) : null,
      ])));
}
