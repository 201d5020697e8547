/** Giving a test to groups and people, with what they have a right to. */

import { ask } from "../../shared/dialog.js";
import { el, fill } from "../../shared/element.js";
import { toast } from "../../shared/toast.js";
import { t } from "../../shared/texts.js";
import { field, number, text, tick } from "../parts/fields.js";
import { failure, problems } from "../parts/problems.js";
import { every } from "../parts/table.js";

/** Ask whom a test is for, and assign it. Throws Unreachable, Refused. */
export async function assign(app, test) {
  const students = await every(async (after) => (await app.client.ask("People", { role: "STUDENT", after })).users);
  const groups = [...new Set(students.flatMap((student) => student.groups))].sort();
  const form = el("div", { class: "stack" },
    el("fieldset", {}, el("legend", {}, t("groups")), groups.length ? groups.map((group) => tick("group", group, false, null, { value: group })) : el("p", { class: "soft" }, t("no-groups"))),
    field(t("students"), text("logins", "", { list: "logins" }), t("students-hint")),
    el("details", {}, el("summary", {}, t("accommodation")), el("div", { class: "grid" },
      field(t("time-factor"), text("timeFactor", "", { inputmode: "decimal" }), t("time-factor-hint")),
      field(t("extra-minutes"), number("extraMinutes", null, { min: "0" })),
      tick("pastWindow", t("past-window")))));
  const note = el("div", {});
  const value = (name) => form.querySelector(`[name="${name}"]`);
  while ((await ask({ title: t("assign"), body: [form, note], wide: true, actions: [{ value: "", text: t("cancel") }, { value: "yes", text: t("assign"), kind: "primary" }] })) === "yes") {
    try {
      const logins = value("logins").value.split(/[\s,;]+/).filter(Boolean);
      const found = logins.map((login) => students.find((student) => student.login === login));
      const unknown = logins.filter((_, at) => !found[at]);
      if (unknown.length) {
        fill(note, el("p", { class: "notice bad", role: "alert" }, t("unknown-logins", { logins: unknown.join(", ") })));
        continue;
      }
      const payload = await app.client.change("AssignTest", {
        testId: test.id,
        groups: [...form.querySelectorAll('[name="group"]:checked')].map((box) => box.value),
        userIds: found.map(({ id }) => id),
        accommodation: {
          timeFactor: value("timeFactor").value.trim() || null,
          extraMinutes: value("extraMinutes").value ? Number(value("extraMinutes").value) : null,
          pastWindow: value("pastWindow").checked || null,
        },
      });
      if (payload.userErrors.length === 0) return toast(t("assigned"), "good");
      fill(note, problems(payload.userErrors));
    } catch (error) {
      fill(note, failure(error));
    }
  }
}
