/** The tests that are mine: what is open, what comes, what is done. */

import "../../shared/countdown.js";
import { el } from "../../shared/element.js";
import { moment, span, t } from "../../shared/texts.js";

/** Return the list, read anew. Throws Unreachable, Refused. */
export async function testsScreen({ client, clock, go, refresh }) {
  const tests = await everyTest(client);
  const cards = tests.map((test) => card(test, clock, go, refresh));
  return el(
    "main",
    { class: "page" },
    el("h1", { tabindex: "-1" }, t("my-tests")),
    cards.length ? el("ul", { class: "tests" }, cards) : el("p", { class: "card soft" }, t("no-tests")),
  );
}

async function everyTest(client) {
  const tests = [];
  let after = null;
  do {
    const page = (await client.ask("MyTests", { after })).tests;
    tests.push(...page.edges.map(({ node }) => ({ ...node, attempts: node.attempts.edges.map((edge) => edge.node) })));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  const last = (test) => test.attempts.at(-1)?.startedAt ?? test.schedule.opensAt ?? "";
  return tests.sort((one, other) => rank(one) - rank(other) || last(other).localeCompare(last(one)));
}

function rank(test) {
  if (running(test)) return 0;
  return test.attempts.length === 0 ? 1 : 2;
}

function running(test) {
  return test.attempts.find(({ state }) => state === "IN_PROGRESS");
}

function card(test, clock, go, refresh) {
  const questions = test.sections.reduce((sum, { questionCount }) => sum + questionCount, 0);
  const facts = [
    t("question-count", { count: questions }),
    span(test.durationSeconds),
    ...test.sections.map(({ title }) => title),
  ];
  return el(
    "li",
    { class: "card test" },
    el("div", { class: "test-head" }, el("h2", {}, test.title), el("p", { class: "soft" }, facts.join(" · "))),
    ...standing(test, clock, go, refresh),
  );
}

/** Return what can be done with a test now. */
function standing(test, clock, go, refresh) {
  const { opensAt, closesAt } = test.schedule;
  const current = running(test);
  if (current)
    return [
      status("live", t("in-progress")),
      timer(t("time-left"), current.deadline.at, clock, refresh),
      way(t("continue"), () => go(`test/${test.id}`), true),
    ];
  const over = test.attempts.filter(({ state }) => state === "SUBMITTED" || state === "GRADED" || state === "VOID");
  const seen = over.map((attempt) =>
    way(t("see-result", { number: attempt.number }), () => go(`attempt/${attempt.id}`), false),
  );
  if (over.length >= test.attemptsAllowed) {
    const released = test.gates.score || test.gates.responses;
    return [status(released ? "good" : "", t(released ? "released" : "submitted")), ...seen];
  }
  if (opensAt && clock.secondsUntil(opensAt) > 0)
    return [
      status("", t("opens", { at: moment(opensAt, clock.now()) })),
      timer(t("opens-in"), opensAt, clock, refresh),
      ...seen,
    ];
  if (test.state !== "PUBLISHED" || (closesAt && clock.secondsUntil(closesAt) <= 0))
    return [status("", t("closed")), ...seen];
  const until = closesAt ? t("open-until", { at: moment(closesAt, clock.now()) }) : t("open");
  return [status("good", until), ...seen, way(t("begin"), () => go(`test/${test.id}`), true)];
}

function status(kind, text) {
  return el("p", { class: `tag ${kind}` }, text);
}

function timer(label, until, clock, refresh) {
  const countdown = el("tp-countdown", { class: "number", "aria-label": label, on: { over: refresh } });
  countdown.start(clock, until);
  return el("p", { class: "counts-down" }, el("span", { class: "soft" }, label), countdown);
}

function way(text, click, main) {
  return el("button", { type: "button", class: main ? "primary" : "", on: { click } }, text);
}
