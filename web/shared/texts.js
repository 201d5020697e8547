/** The words of the interface: one catalogue a language, in `texts/`, the same keys in each. */

export const LANGUAGES = { en: "English", hi: "हिन्दी" };

const KEPT = "tp-language";
const spoken = { language: "en", texts: {}, areas: [] };

/** Load the catalogue's areas (such as `player`) in the language that was chosen last, or that the browser asks for. */
export async function loadTexts(...areas) {
  spoken.areas = areas;
  await speak(chosen());
}

/** Change the language of the page. */
export async function speak(language) {
  const parts = await Promise.all(spoken.areas.map((area) => catalogue(language, area)));
  spoken.language = language;
  spoken.plurals = new Intl.PluralRules(language);
  spoken.time = new Intl.DateTimeFormat(language, { timeStyle: "short" });
  spoken.dayAndTime = new Intl.DateTimeFormat(language, { timeStyle: "short", dateStyle: "medium" });
  spoken.texts = Object.assign({}, ...parts);
  document.documentElement.lang = language;
  localStorage.setItem(KEPT, language);
}

export function language() {
  return spoken.language;
}

/** Return a text with its `{places}` filled; by `count`, the form that the language's plural rules ask for. */
export function t(key, values = {}) {
  const plural = "count" in values ? `${key}.${spoken.plurals.select(values.count)}` : null;
  const text = spoken.texts[plural] ?? spoken.texts[key] ?? spoken.texts[`${key}.other`];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** Return an instant as a time of day, and the day where it is not today. */
export function moment(at, now = Date.now()) {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return spoken[isToday ? "time" : "dayAndTime"].format(new Date(at));
}

/** Return minutes as hours and minutes. */
export function span(seconds) {
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return t("minutes", { count: minutes });
  const whole = t("hours", { count: hours });
  return minutes % 60 ? `${whole} ${t("minutes", { count: minutes % 60 })}` : whole;
}

/** Return seconds as `0:02:05`. */
export function clockFace(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const parts = [Math.floor(left / 3600), Math.floor(left / 60) % 60, left % 60];
  const digits = parts.map((part, place) => (place === 0 ? String(part) : String(part).padStart(2, "0")));
  return digits.join(":");
}

/** Return seconds as `2:05`, with hours only where there are any. */
export function shortTime(seconds) {
  return clockFace(seconds).replace(/^0:0?/, "");
}

async function catalogue(language, area) {
  const answer = await fetch(new URL(`../texts/${language}/${area}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`no texts for ${area} in ${language}`);
  return answer.json();
}

function chosen() {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((tag) => tag.split("-")[0])];
  return wanted.find((tag) => tag in LANGUAGES) ?? "en";
}
