/** The questions: those to look at with the reason, all of them on a map, and their figures. */

import { el, svg } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { table } from "../parts/table.js";
import { percent, rounded } from "./figures.js";

const SIZE = { width: 720, height: 300, left: 40, foot: 36 };

/** Return the part. */
export function itemsPart(items) {
  const flagged = items.filter(({ flags }) => flags.length);
  return el("section", { class: "card stack" }, el("h3", {}, t("items")),
    el("h4", {}, t("to-look-at")), flagged.length ? el("ul", { class: "flags" }, flagged.map(flag)) : el("p", { class: "soft" }, t("none-to-look-at")),
    map(items), el("details", {}, el("summary", {}, t("items")), all(items)));
}

function flag({ number, subject, flags, options }) {
  return el("li", {}, el("strong", {}, `${t("question-number", { number })}${subject ? ` · ${subject}` : ""}`),
    el("ul", { class: "problems" }, flags.map(({ reason, code }) => el("li", {}, reason ?? code))),
    options.length ? el("div", { class: "option-bars", role: "img", "aria-label": `${t("options-chosen")}: ${options.map((option) => `${option.label} ${percent(option.share)}`).join(", ")}` }, options.map(optionBar)) : null);
}

function optionBar({ label, right, share }) {
  const bar = el("span", { class: right ? "bar-part right" : "bar-part" });
  bar.style.inlineSize = `${Math.round(100 * (share ?? 0))}%`;
  return el("div", { class: "option-bar" }, el("span", {}, `${label ?? "?"}${right ? " ✓" : ""}`), el("span", { class: "trough" }, bar), el("span", { class: "number soft" }, percent(share)));
}

/** Return facility against discrimination: what is bad lies low, what is hard lies left. */
function map(items) {
  const shown = items.filter(({ facility, discrimination }) => facility !== null && discrimination !== null);
  if (shown.length === 0) return null;
  const { width, height, left, foot } = SIZE;
  const lowest = Math.min(0, ...shown.map(({ discrimination }) => discrimination));
  const highest = Math.max(0.6, ...shown.map(({ discrimination }) => discrimination));
  const hardest = Math.min(0, ...shown.map(({ facility }) => facility));
  const x = (facility) => left + ((facility - hardest) / (1 - hardest)) * (width - left - 10);
  const y = (discrimination) => (1 - (discrimination - lowest) / (highest - lowest)) * (height - 12) + 6;
  const steps = [0, 0.25, 0.5, 0.75, 1];
  return el("figure", { class: "plot" }, el("figcaption", {}, t("map")),
    svg("svg", { viewBox: `0 0 ${width} ${height + foot}`, role: "img", "aria-label": t("map") },
      svg("line", { class: "base", x1: String(left), x2: String(width - 10), y1: String(y(0)), y2: String(y(0)) }),
      steps.map((step) => svg("text", { x: String(x(step)), y: String(height + 16), "text-anchor": "middle" }, percent(step))),
      svg("text", { class: "axis", x: String(width - 10), y: String(height + 32), "text-anchor": "end" }, t("facility")),
      svg("text", { class: "axis", x: "0", y: "12" }, t("discrimination")),
      svg("text", { x: String(left - 6), y: String(y(0) + 4), "text-anchor": "end" }, "0"),
      shown.map((item) => svg("circle", { class: item.flags.length ? "flagged" : "", cx: String(x(item.facility)), cy: String(y(item.discrimination)), r: item.flags.length ? "6" : "4.5" },
        svg("title", {}, `${t("question-number", { number: item.number })}: ${percent(item.facility)}, ${rounded(item.discrimination)}`)))));
}

function all(items) {
  return table({ caption: t("items"), rows: items, columns: [
    { title: t("number"), kind: "number", of: ({ number }) => String(number) },
    { title: t("subject"), of: ({ subject, topic }) => [subject, topic].filter(Boolean).join(" · ") || "–" },
    { title: t("facility"), kind: "number", of: ({ facility }) => percent(facility) },
    { title: t("discrimination"), kind: "number", of: ({ discrimination }) => rounded(discrimination) },
    { title: t("omitted"), kind: "number", of: ({ omitted }) => percent(omitted) },
    { title: t("look-at"), of: ({ flags }) => (flags.length ? el("span", { class: "tag warn" }, String(flags.length)) : "") },
  ] });
}
