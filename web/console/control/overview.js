/** A sitting in numbers: who has started, who is here, and how starts and submits went over time. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { timeline } from "./timeline.js";

/** Return the overview. */
export function overviewOf(overview) {
  const of = (...states) => overview.states.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + count, 0);
  const working = of("IN_PROGRESS");
  const over = of("SUBMITTED", "GRADED");
  const waiting = Math.max(0, overview.expected - working - over - of("VOID"));
  return el("div", { class: "stack" },
    el("dl", { class: "figures" }, figure("waiting", waiting), figure("working", working, "live"), figure("over", over, "good"),
      figure("online", overview.online, "good"), figure("idle", overview.idle, overview.idle ? "warn" : ""), figure("offline", overview.offline, overview.offline ? "bad" : ""),
      figure("away", overview.away, overview.away ? "warn" : ""), figure("paused", overview.paused, overview.paused ? "marked" : "")),
    share([[over, "good", t("over")], [working, "live", t("working")], [waiting, "", t("waiting")]]),
    timeline(overview.starts, overview.submits));
}

function figure(key, count, kind = "") {
  return el("div", { class: `figure ${kind}` }, el("dt", {}, t(key)), el("dd", { class: "number", data: { figure: key } }, count.toLocaleString()));
}

/** Return parts of a whole as one bar. */
function share(parts) {
  const whole = parts.reduce((sum, [count]) => sum + count, 0) || 1;
  return el("div", { class: "share", role: "img", "aria-label": parts.map(([count, , name]) => `${name}: ${count}`).join(", ") },
    parts.map(([count, kind]) => {
      const part = el("span", { class: kind });
      part.style.flexGrow = String(count / whole);
      return part;
    }));
}
