/** What a student reads before the clock starts: the rules, the marks, the palette's legend; and the consent. */

import { ask } from "../../shared/dialog.js";
import { el } from "../../shared/element.js";
import { Unreachable } from "../../shared/graphql.js";
import { span, t } from "../../shared/texts.js";
import { legend } from "../paper/palette.js";
import { written } from "../../shared/written.js";

/** Return the instructions of a test; starting leads to the attempt. Throws Unreachable, Refused. */
export async function instructionsScreen({ client, clock, session, go, device }, testId) {
  const { test, user } = await client.ask("TestToSit", { id: testId, me: session.viewer.id });
  const attempts = test.attempts.edges.map(({ node }) => node);
  const current = attempts.find(({ state }) => state === "IN_PROGRESS");
  const number = current?.number ?? attempts.filter(({ state }) => state !== "PREPARED").length + 1;
  const error = el("p", { class: "error", role: "alert" });
  const start = el(
    "button",
    { type: "button", class: "primary large", disabled: true },
    current ? t("continue") : t("start"),
  );
  const consent = el("input", {
    type: "checkbox",
    id: "consent",
    on: {
      change: () => {
        start.disabled = !consent.checked;
      },
    },
  });

  start.addEventListener("click", async () => {
    start.disabled = true;
    error.textContent = "";
    try {
      const attempt = await begun(client, { testId, number, ...device() });
      if (attempt) go(`attempt/${attempt.id}`, true);
    } catch (caught) {
      if (!(caught instanceof Unreachable)) throw caught;
      error.textContent = t("unreachable");
    }
    start.disabled = !consent.checked;
  });

  async function begun(client, input) {
    const payload = await client.change("StartAttempt", input);
    if (payload.userErrors.length === 0) return payload.attempt;
    const [{ code, message }] = payload.userErrors;
    if (code === "OTHER_DEVICE" && (await takesOver())) return begun(client, { ...input, takeOver: true });
    const key = `start-${code}`;
    if (code !== "OTHER_DEVICE") error.textContent = t(key) === key ? message : t(key);
    return null;
  }

  const opens =
    test.schedule.opensAt && clock.secondsUntil(test.schedule.opensAt) > 0
      ? waiting(test.schedule.opensAt, clock, () => {
          consent.disabled = false;
        })
      : null;
  consent.disabled = opens !== null;
  return el(
    "main",
    { class: "page" },
    el(
      "header",
      { class: "test-title" },
      el("h1", { tabindex: "-1" }, test.title),
      el("p", { class: "soft" }, `${user.name} · ${user.externalId ?? user.login}`),
    ),
    el("section", { class: "card" }, el("h2", {}, t("paper-at-a-glance")), facts(test)),
    el(
      "section",
      { class: "card instructions" },
      el("h2", {}, t("instructions")),
      test.instructionsHtml ? written({ html: test.instructionsHtml }) : null,
      el(
        "ul",
        { class: "rules" },
        ["rule-clock", "rule-saved", "rule-jump", "rule-mark", "rule-away"].map((key) => el("li", {}, t(key))),
      ),
    ),
    el(
      "section",
      { class: "card" },
      el("h2", {}, t("legend-title")),
      legend(),
      el("p", { class: "soft" }, t("legend-counts")),
    ),
    el(
      "section",
      { class: "card consent" },
      opens,
      el("label", { for: "consent" }, consent, el("span", {}, t("consent"))),
      error,
      start,
    ),
  );
}

function takesOver() {
  return ask({
    title: t("other-device-title"),
    body: el("p", {}, t("other-device")),
    actions: [
      { value: "", text: t("cancel") },
      { value: "yes", text: t("take-over"), kind: "primary" },
    ],
  }).then((value) => value === "yes");
}

function waiting(opensAt, clock, over) {
  const countdown = el("tp-countdown", {
    class: "number",
    on: {
      over: () => {
        line.remove();
        over();
      },
    },
  });
  countdown.start(clock, opensAt);
  const line = el("p", { class: "notice" }, t("opens-in"), " ", countdown);
  return line;
}

function facts(test) {
  const rows = test.sections.map((section) => {
    const { default: rule, rules } = section.marking ?? test.marking;
    const schemes = [rule, ...rules.map((typed) => typed.rule)].map(
      ({ correct, wrong }) => `+${correct} / ${wrong.replace("-", "−")}`,
    );
    const any = section.answerAny ? t("answer-any", { any: section.answerAny }) : "";
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, section.title),
      el("td", {}, String(section.questionCount), any ? el("span", { class: "soft" }, ` ${any}`) : null),
      el("td", {}, [...new Set(schemes)].join(", ")),
    );
  });
  const head = [t("section"), t("questions"), t("marks-right-wrong")].map((text) => el("th", { scope: "col" }, text));
  return [
    el("p", { class: "soft" }, t("you-have", { time: span(test.durationSeconds) })),
    el(
      "div",
      { class: "scrolls" },
      el("table", { class: "facts number" }, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows)),
    ),
  ];
}
