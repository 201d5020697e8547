/** Questions and news in a modal dialog: the browser keeps the focus inside and gives it back. */

import { el } from "./element.js";

/**
 * Show a dialog and return, when it is closed, the `value` of the button that closed it; Escape returns "".
 * `actions`: `{ value, text, kind }`, the last one the main one; with `value` "" what is filled in is of no account.
 * `must`: Escape does not close it.
 */
export function ask({ title, body, actions, must = false, wide = false }) {
  return new Promise((resolve) => {
    const buttons = actions.map(({ value, text, kind = "" }) =>
      el("button", { type: "submit", value, class: kind, formnovalidate: value === "" }, text),
    );
    const dialog = el(
      "dialog",
      { class: wide ? "wide" : "", "aria-labelledby": "dialog-title" },
      el(
        "form",
        { method: "dialog" },
        el("h2", { id: "dialog-title" }, title),
        el("div", { class: "dialog-body" }, body),
        el("div", { class: "actions" }, buttons),
      ),
    );
    dialog.addEventListener("cancel", (event) => must && event.preventDefault());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
    buttons.at(-1)?.focus();
  });
}

/** Close every dialog, as Escape does: what they asked about is over. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close("");
}
