/** The distribution of scores: a histogram with its median, and the figures by subject. */

import { el, svg } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { table } from "../parts/table.js";
import { rounded } from "./figures.js";

const WIDTH = 720;
const HEIGHT = 220;
const FOOT = 24;

/** Return the part. */
export function scoresPart({ total, subjects }) {
  return el("section", { class: "card stack" }, el("h3", {}, t("scores")),
    el("dl", { class: "figures" }, [["mean", rounded(total.mean, 1)], ["median", rounded(total.median, 1)], ["deviation", rounded(total.deviation, 1)], ["alpha", rounded(total.alpha)], ["measurement-error", rounded(total.measurementError, 1)]]
      .map(([key, said]) => el("div", { class: "figure" }, el("dt", {}, t(key)), el("dd", { class: "number" }, said)))),
    histogram(total),
    table({ caption: t("scores"), rows: subjects, columns: [
      { title: t("subject"), of: ({ title }) => title ?? "–" },
      { title: t("mean"), kind: "number", of: ({ mean, possible }) => `${rounded(mean, 1)} / ${rounded(possible, 0)}` },
      { title: t("median"), kind: "number", of: ({ median }) => rounded(median, 1) },
      { title: t("quartiles"), kind: "number", of: ({ lowerQuartile, upperQuartile }) => `${rounded(lowerQuartile, 1)} – ${rounded(upperQuartile, 1)}` },
      { title: t("range"), kind: "number", of: ({ minimum, maximum }) => `${rounded(minimum, 0)} – ${rounded(maximum, 0)}` },
      { title: t("alpha"), kind: "number", of: ({ alpha }) => rounded(alpha) },
    ] }));
}

function histogram({ histogram: bins, median }) {
  if (bins.length === 0) return null;
  const [low, high] = [bins[0].low, bins.at(-1).high];
  const most = Math.max(1, ...bins.map(({ students }) => students));
  const x = (score) => ((score - low) / (high - low || 1)) * WIDTH;
  const bars = bins.map((bin) => {
    const height = (bin.students / most) * (HEIGHT - 8);
    return svg("rect", { x: String(x(bin.low) + 1), width: String(Math.max(1, x(bin.high) - x(bin.low) - 2)), y: String(HEIGHT - height), height: String(height), rx: "2" },
      svg("title", {}, `${rounded(bin.low, 0)} – ${rounded(bin.high, 0)}: ${bin.students}`));
  });
  const marks = [low, ...bins.map((bin) => bin.high)].filter((_, at, all) => at % Math.max(1, Math.round(all.length / 8)) === 0);
  return el("figure", { class: "plot" }, el("figcaption", {}, t("histogram")),
    svg("svg", { viewBox: `-4 0 ${WIDTH + 8} ${HEIGHT + FOOT}`, role: "img", "aria-label": t("histogram") }, svg("g", { class: "bars" }, bars),
      svg("line", { class: "base", x1: "0", x2: String(WIDTH), y1: String(HEIGHT), y2: String(HEIGHT) }),
      median === null ? null : [svg("line", { class: "median", x1: String(x(median)), x2: String(x(median)), y1: "0", y2: String(HEIGHT) }), svg("text", { class: "median", x: String(x(median) + 5), y: "12" }, t("median"))],
      marks.map((mark) => svg("text", { x: String(x(mark)), y: String(HEIGHT + 17), "text-anchor": "middle" }, rounded(mark, 0)))));
}
