/** What staff did, newest first. */

import { el } from "../shared/element.js";
import { moment, t } from "../shared/texts.js";
import { paged, table } from "./parts/table.js";

/** Return the log; with an id, what was done to that. Throws Unreachable, Refused. */
export async function auditScreen(app, subject = null) {
  const log = await paged(async (after) => (await app.client.ask("AuditLog", { subject, after })).auditLog, (records) => table({
    caption: t("nav-audit"),
    rows: records,
    columns: [
      { title: t("when"), of: ({ at }) => el("time", { datetime: at }, moment(at, app.clock.now())) },
      { title: t("who"), of: ({ actor }) => actor?.name ?? "–" },
      { title: t("what"), of: ({ action }) => el("code", {}, action) },
      { title: t("concerning"), of: (record) => concerning(record) },
      { title: t("details"), of: ({ details }) => el("code", { class: "details" }, details === "{}" ? "–" : details) },
    ],
  }));
  return el("main", { class: "page wide" }, el("h1", { tabindex: "-1" }, t("nav-audit")), log);
}

function concerning({ subject }) {
  return subject.startsWith("tst_") ? el("a", { href: `#test/${subject}` }, subject) : el("code", {}, subject);
}
