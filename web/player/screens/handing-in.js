/** The end of an attempt: the rest is sent, and the server decides what counts. */

import { ask } from "../../shared/dialog.js";
import { el } from "../../shared/element.js";
import { Refused, Unreachable } from "../../shared/graphql.js";
import { t } from "../../shared/texts.js";

const PAUSE = 3000;

/** Send what waits and submit, for as long as it takes; then `done()`. `how`: "submit", "over", or the code of the server. */
export function handingIn(attempt, how, done) {
  const news = el("p", { role: "status" }, t("handing-in"));
  const screen = el(
    "main",
    { class: "page narrow" },
    el(
      "section",
      { class: "card center" },
      el("h1", { tabindex: "-1" }, t(titleOf(attempt, how))),
      el("div", { class: "spinner", "aria-hidden": "true" }),
      news,
    ),
  );
  persist(attempt, news).then(done);
  return screen;
}

function titleOf(attempt, how) {
  if (how === "submit") return "submitting";
  return attempt.deadline.reason === "FORCED" ? "forced" : "time-over";
}

async function persist(attempt, news) {
  for (let allowMissing = false; ;) {
    try {
      const errors = await attempt.submit(allowMissing);
      if (errors.length === 0) break;
      if (allowMissing || errors[0].code !== "MISSING_BATCHES") throw new Refused(errors[0].code, errors[0].message);
      allowMissing =
        (await ask({
          title: t("missing-title"),
          must: true,
          body: el("p", {}, t("missing")),
          actions: [
            { value: "", text: t("missing-wait") },
            { value: "yes", text: t("missing-submit"), kind: "primary" },
          ],
        })) === "yes";
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      news.textContent = t("handing-in-waits", { count: attempt.outbox.waiting });
    }
    await next();
  }
  await attempt.forget();
}

/** Return after a pause, or as soon as the network is back. */
function next() {
  return new Promise((resolve) => {
    const timer = setTimeout(over, PAUSE);
    window.addEventListener("online", over, { once: true });
    function over() {
      clearTimeout(timer);
      window.removeEventListener("online", over);
      resolve();
    }
  });
}
