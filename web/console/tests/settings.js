/** The settings of a test as a form, and back as the API takes them. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { area, field, given, instant, local, menu, number, text, tick } from "../parts/fields.js";

/** Return the fields. `whole`: all may be changed; `window`: the window may. */
export function settings(test, presets, whole, window) {
  const off = { disabled: !whole };
  const names = presets.map(({ name }) => [name, name]);
  if (!names.some(([name]) => name === test.marking.name)) names.push([test.marking.name, test.marking.name]);
  return el("div", { class: "grid" },
    el("div", { class: "span" }, field(t("title"), text("title", test.title, { required: true, ...off }))),
    el("div", { class: "span" }, field(t("instructions"), area("instructions", test.instructions, 3, off), t("markdown-hint"))),
    field(t("duration-minutes"), number("minutes", test.durationSeconds / 60, { min: "1", required: true, step: "any", ...off })),
    field(t("marking"), menu("preset", names, test.marking.name, off)),
    field(t("opens-at"), text("opensAt", local(test.schedule.opensAt), { type: "datetime-local", disabled: !window })),
    field(t("closes-at"), text("closesAt", local(test.schedule.closesAt), { type: "datetime-local", disabled: !window })),
    field(t("declared-total"), text("declaredTotal", test.declaredTotal ?? "", { inputmode: "decimal", ...off }), t("declared-total-hint")),
    field(t("attempts-allowed"), number("attemptsAllowed", test.attemptsAllowed, { min: "1", max: "100", ...off })),
    field(t("grace"), number("graceSeconds", test.graceSeconds, { min: "0", max: "3600", ...off }), t("grace-hint")),
    field(t("time-factor"), text("timeFactor", test.accommodation.timeFactor ?? "", { inputmode: "decimal", ...off }), t("time-factor-hint")),
    tick("shuffleQuestions", t("shuffle-questions"), test.shuffleQuestions, null, off),
    tick("shuffleOptions", t("shuffle-options"), test.shuffleOptions, null, off));
}

/** Return what `updateTest` takes of the form; what the form does not show stays as it is in `test`. */
export function readSettings(form, test, whole) {
  const schedule = { opensAt: instant(form.elements.opensAt.value), closesAt: instant(form.elements.closesAt.value) };
  if (!whole) return { schedule };
  const marking = form.elements.preset.value === test.marking.name ? {} : { marking: { preset: form.elements.preset.value } };
  return {
    title: form.elements.title.value.trim(),
    instructions: given(form, "instructions"),
    durationSeconds: Math.round(Number(form.elements.minutes.value) * 60),
    ...marking,
    declaredTotal: given(form, "declaredTotal"),
    attemptsAllowed: Number(form.elements.attemptsAllowed.value),
    graceSeconds: Number(form.elements.graceSeconds.value),
    shuffleQuestions: form.elements.shuffleQuestions.checked,
    shuffleOptions: form.elements.shuffleOptions.checked,
    accommodation: { ...test.accommodation, timeFactor: given(form, "timeFactor") },
    schedule,
  };
}
