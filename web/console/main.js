/** The staff console: which screen is shown, by what follows `#` in the address. */

import { ServerClock } from "../shared/clock.js";
import { el, fill } from "../shared/element.js";
import { Client, Refused, Unreachable } from "../shared/graphql.js";
import { languageMenu, themeButton } from "../shared/preferences.js";
import { Session } from "../shared/session.js";
import { loadTexts, t } from "../shared/texts.js";
import { loginScreen } from "../shared/login.js";
import { bankScreen } from "./bank/bank.js";
import { importScreen } from "./bank/importing.js";
import { auditScreen } from "./audit.js";
import { failure } from "./parts/problems.js";
import { peopleScreen } from "./people/people.js";
import { addingScreen } from "./people/adding.js";
import { testScreen } from "./tests/page.js";
import { testsScreen } from "./tests/list.js";

const session = new Session();
const clock = new ServerClock();
const app = { session, clock, client: new Client(session, clock), permissions: new Set(), may, go, refresh: () => show(), left: [] };
const place = document.getElementById("app");
let shown = 0;

/** Where one can go, and the permission that it needs. */
const WAYS = [
  ["tests", "nav-tests", "SEE_TESTS"],
  ["questions", "nav-questions", "SEE_QUESTIONS"],
  ["people", "nav-people", "SEE_PEOPLE"],
  ["audit", "nav-audit", "SEE_AUDIT"],
];
const SCREENS = {
  tests: testsScreen,
  test: testScreen,
  questions: bankScreen,
  import: importScreen,
  people: peopleScreen,
  adding: addingScreen,
  audit: auditScreen,
};

function may(permission) {
  return app.permissions.has(permission);
}

function go(path) {
  if (location.hash.slice(1) === path) show();
  else location.hash = path;
}

/** Show the screen that the address names; of two calls, the later one wins. */
async function show() {
  const turn = (shown += 1);
  for (const leave of app.left.splice(0)) leave();
  try {
    const screen = await screenOf(location.hash.slice(1) || "tests");
    if (turn === shown) put(screen);
  } catch (error) {
    if (turn !== shown) return;
    if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
    put(framed(el("main", { class: "page" }, failure(error),
      el("div", { class: "actions" }, el("button", { type: "button", on: { click: () => show() } }, t("try-again"))))));
  }
}

async function screenOf(path) {
  if (!session.token) return framed(loginScreen(app));
  if (app.permissions.size === 0) {
    const { viewer } = await app.client.ask("ViewerPermissions");
    app.permissions = new Set(viewer.permissions);
  }
  if (!may("SEE_TESTS")) return framed(students());
  const [name, ...rest] = path.split("/");
  return framed(await (SCREENS[name] ?? testsScreen)(app, ...rest), name);
}

function students() {
  return el("main", { class: "page narrow" }, el("section", { class: "card center" }, el("h1", { tabindex: "-1" }, t("for-staff")),
    el("p", {}, t("for-staff-lead")), el("a", { class: "button primary", href: "../" }, t("to-player"))));
}

/** Return a screen below the bar that all have. */
function framed(main, current = "") {
  const ways = session.token ? WAYS.filter(([, , permission]) => may(permission)) : [];
  const here = { test: "tests", import: "questions", adding: "people" }[current] ?? current;
  main.id = "main";
  return el("div", { class: "console" }, el("a", { class: "skip", href: "#main", on: { click: skip } }, t("skip")),
    el("header", { class: "bar" }, el("span", { class: "brand" }, t("brand")),
      ways.length ? el("nav", { "aria-label": t("nav") }, ways.map(([path, key]) =>
        el("a", { href: `#${path}`, "aria-current": path === here ? "page" : null }, t(key)))) : null,
      session.viewer ? el("span", { class: "soft viewer" }, session.viewer.name) : null, languageMenu(() => show()), themeButton(),
      session.viewer ? el("button", { type: "button", class: "quiet", on: { click: () => session.end() } }, t("log-out")) : null), main);
}

function skip(event) {
  event.preventDefault();
  document.querySelector("#main h1")?.focus();
}

function put(screen) {
  fill(place, screen);
  document.title = [screen.querySelector("h1")?.textContent, t("brand")].filter(Boolean).join(" · ");
  scrollTo(0, 0);
  screen.querySelector("h1[tabindex]")?.focus({ preventScroll: true });
}

await loadTexts("shared", "console");
session.addEventListener("change", () => {
  app.permissions = new Set();
  show();
});
addEventListener("hashchange", () => show());
await show();
