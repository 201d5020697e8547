/** What stands around the question: the bar at the top, the tabs, the buttons, and the side with the palette. */

import "../../shared/countdown.js";
import { el } from "../../shared/element.js";
import { languageMenu, themeButton } from "../../shared/preferences.js";
import { t } from "../../shared/texts.js";
import { countingLegend } from "./palette.js";
import { savedLine } from "./saved-line.js";

/** Return the bar at the top and its countdown. */
export function examBar(app, attempt, speakAgain) {
  const countdown = el("tp-countdown", { class: "number" });
  const { name, externalId, login } = attempt.student;
  const bar = el(
    "header",
    { class: "bar exam-bar" },
    el(
      "div",
      { class: "who" },
      el("h1", {}, attempt.test.title),
      el("p", { class: "soft" }, `${name} · ${externalId ?? login}`),
    ),
    savedLine(attempt.outbox, app.clock),
    preferences(speakAgain),
    el("div", { class: "time" }, el("span", { class: "soft", id: "time-left" }, t("time-left")), countdown),
  );
  countdown.setAttribute("aria-labelledby", "time-left");
  return { bar, countdown };
}

function preferences(speakAgain) {
  return el("div", { class: "preferences" }, languageMenu(speakAgain), themeButton());
}

/** Return the tabs of the sections, and a function that shows which is current and how far each is done. */
export function sectionTabs(sections, go) {
  const tabs = sections.map((section) => {
    const count = el("span", { class: "count number" });
    const tab = el(
      "button",
      { type: "button", on: { click: () => go(section.questions[0]) } },
      section.title,
      " ",
      count,
    );
    return { section, tab, count };
  });
  const update = (current, sitting) => {
    for (const { section, tab, count } of tabs) {
      if (section === current) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
      const answered = section.questions.filter(({ id }) => sitting.responses.has(id)).length;
      count.textContent = `${answered}/${section.questions.length}`;
      count.title = t("answered-of", { answered, all: section.questions.length });
    }
  };
  return {
    nav: el(
      "nav",
      { class: "tabs", "aria-label": t("sections") },
      tabs.map(({ tab }) => tab),
    ),
    update,
  };
}

/** Return the row of buttons below the question. */
export function controls({ saveNext, markNext, clear, openPalette }) {
  const button = (text, kind, click) => el("button", { type: "button", class: kind, on: { click } }, text);
  return el(
    "footer",
    { class: "controls" },
    button(t("questions"), "opens-palette", openPalette),
    button(t("mark-next"), "mark", markNext),
    button(t("clear"), "", clear),
    button(t("save-next"), "primary", saveNext),
  );
}

/** Return the side: legend with counts, palette, the way out; and a function that counts anew. */
export function side(palette, { submit, close, speakAgain }) {
  const legend = countingLegend();
  const title = el("h2", {});
  const update = (section, sitting) => {
    const any = section.answerAny ? t("answer-any", { any: section.answerAny }) : "";
    title.textContent = `${section.title} ${any}`;
    legend.update(sitting.counts(section.questions));
  };
  const element = el(
    "aside",
    { class: "side", id: "side", "aria-label": t("palette") },
    el("button", { type: "button", class: "quiet closes-palette", on: { click: close } }, t("close")),
    legend.element,
    title,
    palette.element,
    preferences(speakAgain),
    el("button", { type: "button", class: "submit", on: { click: submit } }, t("submit")),
  );
  return { element, update };
}
