/** Time per question as bars, each return as a dot above its bar; and the same as a table, for whoever does not see it. */

import { el, svg } from "../../shared/element.js";
import { shortTime, t } from "../../shared/texts.js";

const WIDTH = 808;
const NARROWEST = 10;
const WIDEST = 26;
const HIGH = 170;
const TOP = 46;
const LEFT = 44;
const DOTS = 5;

/** Return a figure of an attempt's behaviour, by the order of its paper. */
export function timePicture({ paper, behaviour, result }) {
  const questions = rows(paper, behaviour, result);
  const longest = Math.max(60_000, ...questions.map(({ time }) => time));
  const unit = longest > 240_000 ? 120_000 : longest > 120_000 ? 60_000 : 30_000;
  const top = Math.ceil(longest / unit) * unit;
  const y = (time) => TOP + HIGH - (time / top) * HIGH;
  const step = stepOf(questions.length);
  const width = LEFT + questions.length * step + 12;
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${TOP + HIGH + 44}`,
      width: String(width),
      height: String(TOP + HIGH + 44),
      class: "time-picture",
      "aria-hidden": "true",
    },
    scale(top, unit, width, y),
    paper.sections.map((section) => sectionMark(section, questions)),
    questions.map((question) => column(question, y, step * 0.62)),
  );
  const key = ["CORRECT", "PARTIAL", "WRONG", "UNANSWERED"].filter((outcome) =>
    questions.some((question) => question.outcome === outcome),
  );
  return el(
    "figure",
    { class: "time-figure" },
    el("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": t("time-title") }, picture),
    el(
      "figcaption",
      {},
      el(
        "ul",
        { class: "figures" },
        key.map((outcome) =>
          el("li", { data: { outcome: outcome.toLowerCase() } }, t(`outcome-${outcome.toLowerCase()}`)),
        ),
        el("li", { data: { outcome: "return" } }, t("return-dot")),
      ),
    ),
    table(questions),
  );
}

function rows(paper, behaviour, result) {
  const spent = new Map(behaviour.questions.map((question) => [question.questionId, question]));
  const earned = new Map((result?.questions ?? []).map((question) => [question.questionId, question]));
  return paper.sections
    .flatMap((section) =>
      section.questions.map(({ id, number }) => {
        const { time = 0, returns = 0, changes = 0 } = spent.get(id) ?? {};
        return { id, number, section, time, returns, changes, outcome: earned.get(id)?.outcome ?? null };
      }),
    )
    .map((question, place, all) => ({ ...question, x: LEFT + place * stepOf(all.length) + 4 }));
}

/** Return from one bar to the next: all fit beside each other, unless they would be too narrow to be told apart. */
function stepOf(count) {
  return Math.min(Math.max(WIDTH / count, NARROWEST), WIDEST);
}

function scale(top, unit, width, y) {
  const lines = Array.from({ length: top / unit + 1 }, (_, place) => place * unit);
  return lines.map((time) =>
    svg(
      "g",
      {},
      svg("line", { x1: LEFT, x2: width, y1: y(time), y2: y(time), class: "grid" }),
      svg("text", { x: LEFT - 8, y: y(time) + 4, class: "scale" }, shortTime(time / 1000)),
    ),
  );
}

function sectionMark(section, questions) {
  const own = questions.filter((question) => question.section === section);
  if (own.length === 0) return null;
  const x = own[0].x;
  return svg(
    "g",
    {},
    svg("line", { x1: x - 4, x2: x - 4, y1: 8, y2: TOP + HIGH, class: "divide" }),
    svg("text", { x: x + 2, y: 18, class: "section" }, section.title),
  );
}

function column({ number, x, time, returns, changes, outcome }, y, wide) {
  const title = t("time-of-question", { number, time: shortTime(time / 1000), returns, changes });
  const height = Math.max(TOP + HIGH - y(time), time ? 2 : 0);
  const dots = Array.from({ length: Math.min(returns, DOTS) }, (_, place) =>
    svg("circle", {
      cx: x + wide / 2,
      cy: TOP + HIGH - height - 8 - place * 7,
      r: Math.min(2.6, wide / 2.4),
      class: "return",
    }),
  );
  const label =
    number % 5 === 0 || number === 1
      ? svg("text", { x: x + wide / 2, y: TOP + HIGH + 16, class: "label" }, String(number))
      : null;
  return svg(
    "g",
    { data: { outcome: (outcome ?? "none").toLowerCase() }, class: "column" },
    svg("title", {}, title),
    svg("rect", { x, y: TOP + HIGH - height, width: wide, height, rx: 2 }),
    dots,
    label,
  );
}

function table(questions) {
  const head = ["question", "time", "returns", "changes"].map((key) => el("th", { scope: "col" }, t(key)));
  const body = questions.map(({ number, time, returns, changes }) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, String(number)),
      [shortTime(time / 1000), returns, changes].map((cell) => el("td", {}, String(cell))),
    ),
  );
  return el(
    "details",
    {},
    el("summary", {}, t("as-table")),
    el("table", { class: "facts number" }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, body)),
  );
}
