/** Fields of forms: a label, a control, a hint and the place where a mistake is told. */

import { el } from "../../shared/element.js";

let count = 0;

/** Return a field around a control; what `told` says of its mistakes is read with it. */
export function field(label, control, hint = null) {
  const id = control.id || `field-${++count}`;
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return el("div", { class: "field" }, el("label", { for: id }, label), control, hint ? el("p", { class: "hint", id: `${id}-hint` }, hint) : null);
}

export function text(name, value = "", given = {}) {
  return el("input", { name, value: value ?? "", autocomplete: "off", ...given });
}

export function number(name, value, given = {}) {
  return text(name, value === null || value === undefined ? "" : String(value), { type: "number", inputmode: "numeric", ...given });
}

export function area(name, value = "", rows = 4, given = {}) {
  return el("textarea", { name, rows: String(rows), class: "short", value: value ?? "", ...given });
}

/** Return a menu; `choices` are pairs of value and text. */
export function menu(name, choices, value = "", given = {}) {
  return el("select", { name, ...given }, choices.map(([each, text]) => el("option", { value: each, selected: each === value }, text)));
}

/** Return a tick with its label beside it. */
export function tick(name, label, checked = false, hint = null, given = {}) {
  const id = `field-${++count}`;
  return el("div", { class: "tick" }, el("input", { id, name, type: "checkbox", checked, "aria-describedby": hint ? `${id}-hint` : null, ...given }),
    el("label", { for: id }, label), hint ? el("p", { class: "hint", id: `${id}-hint` }, hint) : null);
}

/** Return an instant as a `datetime-local` control has it, in this device's time zone. */
export function local(instant) {
  if (!instant) return "";
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Return what a `datetime-local` control says as an instant, `null` for nothing. */
export function instant(value) {
  return value ? new Date(value).toISOString() : null;
}

/** Return the text of a field without its edges, `null` for nothing. */
export function given(form, name) {
  return form.elements[name].value.trim() || null;
}
