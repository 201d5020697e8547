/** Adding people from a spreadsheet: pasted or uploaded, looked over, then created all at once or not at all. */

import { el, fill } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { busy } from "../parts/busy.js";
import { area, field, text, tick } from "../parts/fields.js";
import { problems } from "../parts/problems.js";
import { table } from "../parts/table.js";
import { codesOf } from "./codes.js";
import { parse } from "./csv.js";
import { peopleOf } from "./rows.js";

const AT_ONCE = 500;

/** Return the screen. */
export async function addingScreen(app) {
  const outcome = el("div", { role: "status", class: "stack" });
  const content = area("content", "", 10, { required: true, spellcheck: "false", class: "code", placeholder: "login,name,groups\n2026-001,Asha Rao,12-A" });
  const file = el("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv", on: { change: async (event) => {
    const [chosen] = event.target.files;
    if (chosen) content.value = await chosen.text();
    look();
  } } });
  const read = () => peopleOf(parse(content.value), form.elements.group.value.trim(), form.elements.codes.checked);
  const look = () => fill(outcome, content.value.trim() ? looked(read()) : null);
  const form = el("form", { class: "card stack", on: { input: look, submit: busy(() => create(app, read(), outcome)) } },
    field(t("file"), file), field(t("or-paste"), content, t("people-columns")),
    el("div", { class: "grid" }, field(t("group-for-all"), text("group")), tick("codes", t("make-codes"), true, t("make-codes-hint"))),
    el("div", { class: "actions" }, el("button", { type: "submit", class: "primary" }, t("create-people"))));
  return el("main", { class: "page" }, el("h1", { tabindex: "-1" }, t("add-people")), form, outcome);
}

/** Return what would be created, and what is wrong, by row. */
function looked({ people, mistakes }) {
  return [
    mistakes.length ? el("ul", { class: "notice bad problems" }, mistakes.map(({ row, text: said }) => el("li", {}, el("strong", {}, t("row-number", { number: row })), ": ", said))) : null,
    el("p", { class: "soft" }, t("people-count", { count: people.length })),
    table({ caption: t("nav-people"), rows: people.slice(0, 20), columns: [
      { title: t("login-name"), of: ({ login }) => el("code", {}, login) },
      { title: t("name"), of: ({ name }) => name },
      { title: t("groups"), of: ({ groups }) => groups.join(", ") || "–" },
      { title: t("roles"), of: ({ roles }) => roles.map((role) => t(`role-${role}`)).join(", ") },
    ] }),
  ];
}

async function create(app, { people, mistakes }, outcome) {
  if (mistakes.length || people.length === 0) return;
  const made = [];
  for (let from = 0; from < people.length; from += AT_ONCE) {
    const payload = await app.client.change("CreateUsers", { users: people.slice(from, from + AT_ONCE) });
    if (payload.userErrors.length) {
      fill(outcome, made.length ? el("p", { class: "notice warn" }, t("created-before", { count: made.length })) : null,
        problems(payload.userErrors, (path) => (path[0] === "users" ? t("row-number", { number: from + Number(path[1]) + 1 }) : "")), made.length ? codesOf(made) : null);
      return;
    }
    made.push(...payload.users);
  }
  fill(outcome, el("p", { class: "notice good" }, t("people-created", { count: made.length })), made.some(({ accessCode }) => accessCode) ? codesOf(made) : null);
}
