/** Extending, pausing, resuming and ending attempts, and telling their students something: each with a reason, each audited. */

import { ask } from "../../shared/dialog.js";
import { el, fill } from "../../shared/element.js";
import { toast } from "../../shared/toast.js";
import { t } from "../../shared/texts.js";
import { area, field, number, text } from "../parts/fields.js";
import { failure, problems } from "../parts/problems.js";

const COMMANDS = [
  ["ExtendAttempts", "extend", ""],
  ["PauseAttempts", "pause", ""],
  ["ResumeAttempts", "resume", ""],
  ["ForceSubmit", "force", "danger"],
];

/** Return the buttons. `ids()`: the attempts, `null` for all that run; `done` is called after a change. */
export function commands(app, test, ids, done) {
  return COMMANDS.map(([document, key, kind]) =>
    el("button", { type: "button", class: kind, on: { click: () => command(app, test, document, key, ids(), done) } }, t(key)));
}

async function command(app, test, document, key, attemptIds, done) {
  const reason = text("reason", "", { required: true, maxlength: "500" });
  const minutes = key === "extend" ? number("minutes", 10, { min: "1", max: "600", required: true }) : null;
  const body = el("div", { class: "stack" }, el("p", {}, whom(attemptIds, key)), minutes ? field(t("minutes-more"), minutes) : null, field(t("reason"), reason, t("reason-hint")));
  const input = () => ({ testId: test.id, attemptIds, requestId, reason: reason.value.trim(), ...(minutes ? { minutes: Number(minutes.value) } : {}) });
  const requestId = crypto.randomUUID();
  const payload = await asked(app, t(key), body, document, input, key === "force");
  if (!payload) return;
  toast(t("changed", { count: payload.changed }), "good");
  await done();
}

/** Ask for a text, and tell it to students: of all that run, or of these attempts. */
export async function announce(app, test, attemptIds) {
  const said = area("text", "", 4, { required: true, maxlength: "1000" });
  const body = el("div", { class: "stack" }, el("p", {}, whom(attemptIds, "announce")), field(t("message"), said));
  const requestId = crypto.randomUUID();
  const payload = await asked(app, t("announce"), body, "Announce", () => ({ testId: test.id, attemptIds, requestId, text: said.value.trim() }), false);
  if (payload) toast(t("announced"), "good");
}

/** Ask until it is done or given up; return the payload, `null` when given up. A request sent again is done once. */
async function asked(app, title, body, document, input, danger) {
  const note = el("div", {});
  const actions = [{ value: "", text: t("cancel") }, { value: "yes", text: title, kind: danger ? "danger" : "primary" }];
  while ((await ask({ title, body: [body, note], actions })) === "yes") {
    try {
      const payload = await app.client.change(document, input());
      if (payload.userErrors.length === 0) return payload;
      fill(note, problems(payload.userErrors));
    } catch (error) {
      fill(note, failure(error));
    }
  }
  return null;
}

function whom(attemptIds, key) {
  const who = attemptIds ? t("these-attempts", { count: attemptIds.length }) : t("all-attempts");
  return t(`${key}-sure`, { who });
}
