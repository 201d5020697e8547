/** What became of an attempt: the score when it is released, and where the time went. */

import { el } from "../../shared/element.js";
import { Refused, Unreachable } from "../../shared/graphql.js";
import { moment, shortTime, span, t } from "../../shared/texts.js";
import { timePicture } from "./time-picture.js";

/** Return the result of an attempt. Throws Unreachable, Refused. */
export async function resultScreen({ client, clock, go }, id) {
  const { attempt } = await client.ask("AttemptResult", { id });
  if (attempt === null) throw new Refused("NOT_FOUND", id);
  const sum = attempt.result?.total;
  const place = sum ? await standing(client, id) : null;
  const back = el("button", { type: "button", on: { click: () => go("") } }, t("back-to-tests"));
  return el(
    "main",
    { class: "page" },
    el(
      "header",
      { class: "test-title" },
      el("h1", { tabindex: "-1" }, attempt.test.title),
      el("p", { class: "soft" }, handedIn(attempt, clock)),
    ),
    sum
      ? score(sum, place)
      : el(
          "section",
          { class: "card notice-card" },
          el("h2", {}, t("submitted-title")),
          el("p", {}, t("not-released")),
        ),
    sum && attempt.result.sections && attempt.paper ? bySection(attempt, place) : null,
    attempt.behaviour && attempt.paper ? time(attempt) : null,
    place?.report?.sentences.length ? advice(place.report.sentences) : null,
    el("p", {}, back),
  );
}

/** Return rank and report, which need the analysis platform: without it the rest is shown. */
async function standing(client, id) {
  try {
    return (await client.ask("AttemptStanding", { id })).attempt;
  } catch (error) {
    if (error instanceof Unreachable || error instanceof Refused) return null;
    throw error;
  }
}

function handedIn({ startedAt, submittedAt, closedBy }, clock) {
  if (!submittedAt) return "";
  const key = closedBy === "STUDENT" ? "handed-in" : "closed-at-end";
  return t(key, {
    at: moment(submittedAt, clock.now()),
    time: span((Date.parse(submittedAt) - Date.parse(startedAt)) / 1000),
  });
}

function score(sum, place) {
  const figures = [
    ["correct", sum.correct],
    ["partial", sum.partial],
    ["wrong", sum.wrong],
    ["unanswered", sum.unanswered],
    ["dropped", sum.dropped],
    ["pending", sum.pending],
  ];
  const shown = figures.filter(([name, count]) => count || ["correct", "wrong", "unanswered"].includes(name));
  return el(
    "section",
    { class: "card score", "aria-labelledby": "score" },
    el("h2", { id: "score" }, t("score")),
    el(
      "p",
      { class: "total number" },
      el("strong", {}, minus(sum.marks)),
      el("span", { class: "soft" }, ` / ${sum.maximum}`),
    ),
    place?.standing ? el("p", { class: "soft number" }, t("rank-percentile", place.standing)) : null,
    el(
      "ul",
      { class: "figures" },
      shown.map(([name, count]) =>
        el(
          "li",
          { data: { outcome: name } },
          el("strong", { class: "number" }, String(count)),
          " ",
          t(`outcome-${name}`),
        ),
      ),
    ),
  );
}

function bySection({ paper, result, behaviour }, place) {
  const titles = [
    "section",
    "marks",
    "outcome-correct",
    "outcome-wrong",
    "outcome-unanswered",
    ...(behaviour ? ["time"] : []),
  ];
  const rows = result.sections.map(({ sectionId, sum }) => {
    const { title } = paper.sections.find(({ id }) => id === sectionId);
    const spent = behaviour?.sections.find((section) => section.sectionId === sectionId)?.time;
    const cells = [
      `${minus(sum.marks)} / ${sum.maximum}`,
      sum.correct,
      sum.wrong,
      sum.unanswered,
      ...(behaviour ? [shortTime(spent / 1000)] : []),
    ];
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, title),
      cells.map((cell) => el("td", {}, String(cell))),
    );
  });
  return el(
    "section",
    { class: "card" },
    el("h2", {}, t("by-section")),
    el(
      "div",
      { class: "scrolls" },
      el(
        "table",
        { class: "facts number" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            titles.map((key) => el("th", { scope: "col" }, t(key))),
          ),
        ),
        el("tbody", {}, rows),
      ),
    ),
  );
}

function time(attempt) {
  const { away, focusLost } = attempt.behaviour;
  return el(
    "section",
    { class: "card", "aria-labelledby": "time" },
    el("h2", { id: "time" }, t("time-title")),
    el("p", { class: "soft" }, t("time-lead")),
    timePicture(attempt),
    focusLost ? el("p", { class: "soft" }, t("away", { count: focusLost, time: shortTime(away / 1000) })) : null,
  );
}

function advice(sentences) {
  return el(
    "section",
    { class: "card" },
    el("h2", {}, t("advice")),
    el(
      "ul",
      {},
      sentences.map((sentence) => el("li", {}, sentence)),
    ),
  );
}

function minus(marks) {
  return marks.replace("-", "−");
}
