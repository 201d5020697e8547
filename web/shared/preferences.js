/** What a person sets for this device: the language of the interface, and light or dark. */

import { el } from "./element.js";
import { LANGUAGES, language, speak, t } from "./texts.js";

const THEME = "tp-theme";

/** Return a menu of languages; `changed` is called when another one is spoken. */
export function languageMenu(changed) {
  const choose = async (event) => {
    await speak(event.target.value);
    changed();
  };
  return el(
    "select",
    { class: "quiet", "aria-label": t("language"), on: { change: choose } },
    Object.entries(LANGUAGES).map(([tag, name]) =>
      el("option", { value: tag, lang: tag, selected: tag === language() }, name),
    ),
  );
}

/** Return a button that turns light into dark and back. */
export function themeButton() {
  const button = el("button", { type: "button", class: "quiet icon", title: t("theme"), "aria-label": t("theme") });
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(THEME, theme);
  });
  button.append(el("span", { class: "theme-sign", "aria-hidden": "true" }));
  return button;
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
