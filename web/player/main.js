/** The student player: which screen is shown, by what follows `#` in the address. */

import { ServerClock } from "../shared/clock.js";
import { ask } from "../shared/dialog.js";
import { el, fill } from "../shared/element.js";
import { Client, Refused, Unreachable } from "../shared/graphql.js";
import { languageMenu, themeButton } from "../shared/preferences.js";
import { Session } from "../shared/session.js";
import { language, loadTexts, t } from "../shared/texts.js";
import { Attempt } from "./attempt.js";
import { deviceName } from "./device.js";
import { hold } from "./hold.js";
import { openDatabase } from "./log/database.js";
import { keepPage } from "./offline.js";
import { PaperScreen } from "./paper/screen.js";
import { handingIn } from "./screens/handing-in.js";
import { instructionsScreen } from "./screens/instructions.js";
import { loginScreen } from "../shared/login.js";
import { resultScreen } from "./screens/result.js";
import { testsScreen } from "./screens/tests.js";

const session = new Session();
const clock = new ServerClock();
const app = {
  session,
  clock,
  client: new Client(session, clock),
  paperLanguage: null,
  device: () => ({ device: deviceName() }),
  go,
  refresh: () => show(),
};
const place = document.getElementById("app");
let shown = 0;
let leave = () => {};

function go(path, replace = false) {
  if (location.hash.slice(1) === path) show();
  else if (replace) location.replace(`#${path}`);
  else location.hash = path;
}

/** Show the screen that the address names; of two calls, the later one wins. */
async function show() {
  const turn = (shown += 1);
  const left = leave();
  leave = () => {};
  try {
    await left;
    const screen = await screenOf(location.hash.slice(1), () => turn === shown);
    if (screen && turn === shown) put(screen);
  } catch (error) {
    if (turn !== shown) return;
    put(framed(failed(error)));
    if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
  }
}

async function screenOf(path, isCurrent) {
  if (!session.token) return framed(loginScreen(app));
  const [kind, id] = path.split("/");
  if (kind === "test") return framed(await instructionsScreen(app, id));
  if (kind === "attempt") return attemptScreen(id, isCurrent);
  return framed(await testsScreen(app));
}

async function attemptScreen(id, isCurrent) {
  const lost = () => isCurrent() && takenOver();
  let release = await hold(id, lost);
  if (release === null) {
    const answer = await ask({
      title: t("other-page-title"),
      body: el("p", {}, t("other-page")),
      actions: [
        { value: "", text: t("cancel") },
        { value: "yes", text: t("use-here"), kind: "primary" },
      ],
    });
    if (answer !== "yes") return framed(await testsScreen(app));
    release = await hold(id, lost, true);
  }
  const language_ = (app.paperLanguage ??= language());
  const attempt = await Attempt.open(app, await openDatabase(), id, language_);
  if (!isCurrent()) {
    attempt.close();
    await release();
    return null;
  }
  if (attempt.state !== "IN_PROGRESS") {
    await release();
    return framed(await resultScreen(app, id));
  }
  const paper = new PaperScreen(app, attempt, (how) => {
    if (how === "TAKEN_OVER" || how === "OTHER_DEVICE") return takenOver();
    return put(framed(handingIn(attempt, how, () => isCurrent() && show())));
  });
  leave = () => {
    paper.leave();
    attempt.close();
    return release();
  };
  return paper.element;
}

function takenOver() {
  shown += 1;
  leave();
  leave = () => {};
  put(
    framed(
      el(
        "main",
        { class: "page narrow" },
        el(
          "section",
          { class: "card center" },
          el("h1", { tabindex: "-1" }, t("taken-over-title")),
          el("p", {}, t("taken-over")),
          el("button", { type: "button", on: { click: () => go("") } }, t("back-to-tests")),
        ),
      ),
    ),
  );
}

function failed(error) {
  const told =
    error instanceof Unreachable
      ? t("unreachable")
      : error instanceof Refused && error.code === "NOT_FOUND"
        ? t("not-found")
        : t("defect");
  return el(
    "main",
    { class: "page narrow" },
    el(
      "section",
      { class: "card center", role: "alert" },
      el("h1", { tabindex: "-1" }, t("not-shown")),
      el("p", {}, told),
      el(
        "div",
        { class: "actions" },
        el("button", { type: "button", on: { click: () => go("") } }, t("back-to-tests")),
        el("button", { type: "button", class: "primary", on: { click: () => show() } }, t("try-again")),
      ),
    ),
  );
}

/** Return a screen below the bar that all but the paper have. */
function framed(main) {
  const out = session.viewer
    ? el("button", { type: "button", class: "quiet", on: { click: () => session.end() } }, t("log-out"))
    : null;
  return el(
    "div",
    {},
    el(
      "header",
      { class: "bar" },
      el("span", { class: "brand" }, t("brand")),
      session.viewer ? el("span", { class: "soft viewer" }, session.viewer.name) : null,
      languageMenu(show),
      themeButton(),
      out,
    ),
    main,
  );
}

function put(screen) {
  fill(place, screen);
  document.title = [screen.querySelector("h1")?.textContent, t("brand")].filter(Boolean).join(" · ");
  scrollTo(0, 0);
  screen.querySelector("h1[tabindex]")?.focus({ preventScroll: true });
}

await loadTexts("shared", "player");
session.addEventListener("change", () => show());
addEventListener("hashchange", () => show());
await show();
keepPage();
