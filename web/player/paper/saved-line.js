/** The line that says what is saved and what waits. */

import { el } from "../../shared/element.js";
import { moment, t } from "../../shared/texts.js";

/** Return the line of an outbox; it follows it for as long as it is shown. */
export function savedLine(outbox, clock) {
  const line = el("p", { class: "saved", role: "status" }, el("span", { class: "sign", "aria-hidden": "true" }));
  const words = el("span");
  line.append(words);
  const tell = () => {
    const { kind, text } = told(outbox, clock);
    line.dataset.kind = kind;
    if (words.textContent !== text) words.textContent = text;
  };
  outbox.addEventListener("change", tell);
  tell();
  return line;
}

function told({ unsaved, troubled, savedAt }, clock) {
  if (unsaved && troubled) return { kind: "waits", text: t("saved-offline", { count: unsaved }) };
  if (unsaved) return { kind: "sends", text: t("saved-sending") };
  if (savedAt === null) return { kind: "saved", text: t("saved-nothing") };
  return { kind: "saved", text: t("saved-all", { at: moment(savedAt, clock.now()) }) };
}
