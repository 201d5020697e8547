/** The control room: a sitting as it is now, and what an invigilator can do about it. */

import { el, fill } from "../../shared/element.js";
import { clockFace, t } from "../../shared/texts.js";
import { announce, commands } from "./commands.js";
import { Live } from "./live.js";
import { overviewOf } from "./overview.js";
import { Students } from "./students.js";

/** Return the tab of a test. Throws Unreachable, Refused. */
export async function controlTab(app, test) {
  const { sittingOverview } = await app.client.ask("SittingOverview", { testId: test.id });
  const overview = el("div", {}, overviewOf(sittingOverview));
  const line = el("p", { class: "live-line soft", role: "status" }, t("live-connecting"));
  const students = new Students(app, test);
  await students.show();
  const live = new Live(app, test.id, {
    news: (now) => fill(overview, overviewOf(now)),
    state: (state) => {
      line.dataset.state = state;
      line.textContent = t(`live-${state}`);
    },
  });
  live.start();
  app.left.push(() => live.stop(), () => students.stop());
  const all = el("div", { class: "actions" }, el("button", { type: "button", on: { click: () => announce(app, test, null) } }, t("announce")),
    commands(app, test, () => null, () => students.show()));
  return el("div", { class: "control" },
    el("div", { class: "head" }, el("div", {}, line, remaining(app, test)), el("div", { class: "for-all" }, el("h2", { class: "hidden-text" }, t("for-all")), all)),
    overview, students.element);
}

/** Return how long the window is open still. */
function remaining(app, test) {
  const { closesAt } = test.schedule;
  const left = closesAt ? app.clock.secondsUntil(closesAt) : null;
  return left === null || left <= 0 ? null : el("p", { class: "soft" }, t("closes-in", { time: clockFace(left) }));
}
