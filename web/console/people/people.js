/** The people of the institution: by group and role, with new access codes for those who need one. */

import { ask } from "../../shared/dialog.js";
import { el, fill } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { busy } from "../parts/busy.js";
import { field, menu, text } from "../parts/fields.js";
import { failure } from "../parts/problems.js";
import { paged, table } from "../parts/table.js";
import { codesOf } from "./codes.js";

const ROLES = ["STUDENT", "TEACHER", "INVIGILATOR", "ADMIN"];

/** Return the list. Throws Unreachable, Refused. */
export async function peopleScreen(app) {
  const list = el("div", {});
  const picked = new Set();
  const form = el("form", { class: "filters", role: "search", on: { submit: (event) => event.preventDefault(), change: () => show() } },
    field(t("role"), menu("role", [["", t("all")], ...ROLES.map((role) => [role, t(`role-${role}`)])])),
    field(t("group"), text("group", "", { type: "search" })));
  const read = () => found(app, { role: form.elements.role.value || null, group: form.elements.group.value.trim() || null }, picked);
  const show = async () => {
    picked.clear();
    fill(list, await read().catch(failure));
  };
  fill(list, await read());
  const manages = app.may("MANAGE_PEOPLE");
  return el("main", { class: "page wide" },
    el("div", { class: "head" }, el("h1", { tabindex: "-1" }, t("nav-people")), manages ? el("div", { class: "actions" },
      el("button", { type: "button", on: { click: busy(() => issue(app, [...picked])) } }, t("new-codes")),
      el("a", { class: "button primary", href: "#adding" }, t("add-people"))) : null), form, list);
}

function found(app, filter, picked) {
  const box = (user) => el("input", { type: "checkbox", "aria-label": t("pick-person", { name: user.name }), on: { change: (event) => {
    if (event.target.checked) picked.add(user.id);
    else picked.delete(user.id);
  } } });
  return paged(async (after) => (await app.client.ask("People", { ...filter, after })).users, (users) => table({
    caption: t("nav-people"),
    rows: users,
    columns: [
      { title: t("name"), of: (user) => el("span", { class: "picks" }, app.may("MANAGE_PEOPLE") ? box(user) : null, user.name) },
      { title: t("login-name"), of: ({ login }) => el("code", {}, login) },
      { title: t("external-id"), of: ({ externalId }) => externalId ?? "–" },
      { title: t("groups"), of: ({ groups }) => groups.join(", ") || "–" },
      { title: t("roles"), of: ({ roles }) => roles.map((role) => t(`role-${role}`)).join(", ") },
    ],
  }));
}

async function issue(app, userIds) {
  if (userIds.length === 0) {
    await ask({ title: t("new-codes"), body: el("p", {}, t("pick-first")), actions: [{ value: "", text: t("close"), kind: "primary" }] });
    return;
  }
  const answer = await ask({ title: t("new-codes"), body: el("p", {}, t("new-codes-sure", { count: userIds.length })), actions: [{ value: "", text: t("cancel") }, { value: "yes", text: t("new-codes"), kind: "primary" }] });
  if (answer !== "yes") return;
  const payload = await app.client.change("IssueAccessCodes", { userIds });
  await ask({ title: t("access-codes"), body: codesOf(payload.users ?? []), wide: true, actions: [{ value: "", text: t("close"), kind: "primary" }] });
}
