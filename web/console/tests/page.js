/** One test: what can be done with it, a tab for each. */

import { el } from "../../shared/element.js";
import { Refused } from "../../shared/graphql.js";
import { t } from "../../shared/texts.js";
import { controlTab } from "../control/room.js";
import { keyTab } from "../results/key.js";
import { resultsTab } from "../results/results.js";
import { reportsTab } from "../reports/reports.js";
import { buildTab } from "./build.js";
import { stateTag, windowText } from "./list.js";

const TABS = [
  ["build", "tab-build", "SEE_TESTS", () => true, buildTab],
  ["control", "tab-control", "SEE_ATTEMPTS", (test) => test.state !== "DRAFT", controlTab],
  ["results", "tab-results", "SEE_RESULTS", (test) => test.state !== "DRAFT", resultsTab],
  ["key", "tab-key", "SEE_RESULTS", (test) => test.state !== "DRAFT", keyTab],
  ["reports", "tab-reports", "SEE_RESULTS", (test) => test.state !== "DRAFT", reportsTab],
];

/** Return the screen of a test, at a tab. Throws Unreachable, Refused. */
export async function testScreen(app, id, tab = "", ...rest) {
  const { test } = await app.client.ask("StaffTest", { id });
  if (!test) throw new Refused("NOT_FOUND", t("not-found"));
  const open = TABS.filter(([, , permission, shows]) => app.may(permission) && shows(test));
  const [current, , , , show] = open.find(([name]) => name === tab) ?? open.find(([name]) => name === { DRAFT: "build", PUBLISHED: "control" }[test.state]) ?? open[0];
  return el("main", { class: "page wide" },
    el("div", { class: "head" }, el("div", { class: "title" }, el("h1", { tabindex: "-1" }, test.title), stateTag(test)),
      el("p", { class: "soft" }, windowText(test.schedule, app.clock.now()))),
    el("nav", { class: "tabs", "aria-label": test.title }, open.map(([name, key]) =>
      el("a", { href: `#test/${id}/${name}`, "aria-current": name === current ? "page" : null }, t(key)))),
    await show(app, test, ...rest));
}
