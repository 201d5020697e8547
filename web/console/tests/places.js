/** Places in a test, as the API's paths name them, in words. */

import { t } from "../../shared/texts.js";

/** Return `["sections", "1", "questions", "4"]` as "Physics, question 5". `sections`: as the builder has them. */
export function placed(path, sections) {
  const [first, section, within, question] = path;
  if (first !== "sections") return first === undefined ? "" : setting(first);
  if (section === undefined) return t("sections");
  const title = sections[Number(section)]?.title || t("section-number", { number: Number(section) + 1 });
  return within === "questions" && question !== undefined ? t("question-of", { section: title, number: Number(question) + 1 }) : title;
}

function setting(name) {
  const key = { title: "title", durationSeconds: "duration", graceSeconds: "grace", attemptsAllowed: "attempts-allowed", schedule: "window",
    declaredTotal: "declared-total", accommodation: "accommodation", marking: "marking" }[name];
  return key ? t(key) : "";
}
