/** Access codes, which are shown once: to be printed or saved now. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { save } from "../parts/download.js";
import { table } from "../parts/table.js";
import { written } from "./csv.js";

/** Return the codes of users with a way to save them. */
export function codesOf(users) {
  const rows = users.filter(({ accessCode }) => accessCode);
  const lines = rows.map(({ user, accessCode }) => [user.login, user.name, user.groups.join(" "), accessCode]);
  const download = () => save("access-codes.csv", written([["login", "name", "groups", "access code"], ...lines]));
  return el("div", { class: "stack" }, el("p", { class: "notice warn" }, t("codes-once")),
    el("div", { class: "actions" }, el("button", { type: "button", on: { click: download } }, t("save-csv"))),
    table({ caption: t("access-codes"), rows, columns: [
      { title: t("name"), of: ({ user }) => user.name },
      { title: t("login-name"), of: ({ user }) => el("code", {}, user.login) },
      { title: t("access-code"), of: ({ accessCode }) => el("code", {}, accessCode) },
    ] }));
}
