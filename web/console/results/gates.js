/** The gates between students and their results: score, response sheet, answer key. */

import { ask } from "../../shared/dialog.js";
import { el, fill } from "../../shared/element.js";
import { toast } from "../../shared/toast.js";
import { moment, t } from "../../shared/texts.js";
import { busy } from "../parts/busy.js";
import { tick } from "../parts/fields.js";
import { problems } from "../parts/problems.js";

const GATES = ["score", "responses", "key"];

/** Return the gates of a test, with the button that sets them. */
export function gates(app, test) {
  const note = el("div", {});
  const form = el("form", { class: "card stack", on: { submit: busy(() => release(app, test, form, note)) } },
    el("div", { class: "head" }, el("h2", {}, t("gates")), test.releasedAt ? el("p", { class: "soft" }, t("released-at", { at: moment(test.releasedAt, app.clock.now()) })) : null),
    el("div", { class: "grid" }, GATES.map((gate) => tick(gate, t(`gate-${gate}`), test.gates[gate], t(`gate-${gate}-hint`)))), note,
    el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, t("set-gates"))));
  return form;
}

async function release(app, test, form, note) {
  const wanted = Object.fromEntries(GATES.map((gate) => [gate, form.elements[gate].checked]));
  const open = GATES.filter((gate) => wanted[gate]).map((gate) => t(`gate-${gate}`));
  const said = open.length ? t("gates-sure", { open: open.join(", ") }) : t("gates-sure-none");
  if ((await ask({ title: t("gates"), body: el("p", {}, said), actions: [{ value: "", text: t("cancel") }, { value: "yes", text: t("set-gates"), kind: "primary" }] })) !== "yes") return;
  const payload = await app.client.change("ReleaseResults", { testId: test.id, ...wanted });
  fill(note, problems(payload.userErrors));
  if (payload.userErrors.length) return;
  test.gates = payload.test.gates;
  toast(t("gates-set"), "good");
}
