/** Starts and submits by the minute, drawn as bars that stand back to back. */

import { el, svg } from "../../shared/element.js";
import { moment, t } from "../../shared/texts.js";

const WIDTH = 960;
const HALF = 64;
const GAP = 22;

/** Return the picture; nothing before the first start. `starts`, `submits`: `{ at, count }`. */
export function timeline(starts, submits) {
  const instants = [...starts, ...submits].map(({ at }) => Date.parse(at));
  if (instants.length === 0) return null;
  const first = Math.min(...instants);
  const minutes = Math.max(10, Math.round((Math.max(...instants) - first) / 60_000) + 1);
  const most = Math.max(1, ...starts.map(({ count }) => count), ...submits.map(({ count }) => count));
  const step = WIDTH / minutes;
  const bar = (kind, up) => ({ at, count }) => {
    const height = (count / most) * HALF;
    return svg("rect", { class: kind, x: String(((Date.parse(at) - first) / 60_000) * step + 1), width: String(Math.max(1, step - 2)), rx: "1.5",
      y: String(up ? HALF - height : HALF + GAP), height: String(height) }, svg("title", {}, `${moment(at)}: ${count}`));
  };
  const total = (list) => list.reduce((sum, { count }) => sum + count, 0);
  const label = t("timeline", { starts: total(starts), submits: total(submits) });
  return el("figure", { class: "timeline card" },
    el("figcaption", {}, el("span", { class: "key starts" }, t("starts")), el("span", { class: "key submits" }, t("submits")), el("span", { class: "soft" }, t("a-minute", { most }))),
    svg("svg", { viewBox: `0 0 ${WIDTH} ${2 * HALF + GAP}`, role: "img", "aria-label": label, preserveAspectRatio: "none" },
      svg("line", { x1: "0", x2: String(WIDTH), y1: String(HALF + 0.5), y2: String(HALF + 0.5) }),
      svg("line", { x1: "0", x2: String(WIDTH), y1: String(HALF + GAP - 0.5), y2: String(HALF + GAP - 0.5) }),
      starts.map(bar("starts", true)), submits.map(bar("submits", false))),
    el("div", { class: "ticks soft number" }, el("span", {}, moment(new Date(first).toISOString())), el("span", {}, moment(new Date(first + (minutes - 1) * 60_000).toISOString()))));
}
