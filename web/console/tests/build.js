/** The test builder: settings and sections of a draft, the checks before publishing, and what is left to change after it. */

import { ask } from "../../shared/dialog.js";
import { el, fill } from "../../shared/element.js";
import { toast } from "../../shared/toast.js";
import { t } from "../../shared/texts.js";
import { busy } from "../parts/busy.js";
import { problems } from "../parts/problems.js";
import { assign } from "./assigning.js";
import { placed } from "./places.js";
import { Sections } from "./sections.js";
import { readSettings, settings } from "./settings.js";

/** Return the builder of a test. Throws Unreachable, Refused. */
export async function buildTab(app, test) {
  const isDraft = test.state === "DRAFT";
  const mayWrite = app.may("AUTHOR");
  const { presets } = await app.client.ask("Presets");
  const placements = app.may("SEE_QUESTIONS") ? (await app.client.ask("TestPlacements", { id: test.id })).test.sections : [];
  const sections = new Sections(app, test, placements.map(({ questions }) => questions), presets, isDraft && mayWrite);
  const checks = el("div", { role: "status" });
  const note = el("div", {});
  const form = el("form", { class: "builder" },
    el("section", { class: "card" }, el("h2", {}, t("settings")), settings(test, presets, isDraft && mayWrite, mayWrite)),
    sections.element, note);
  if (!mayWrite) return el("div", { class: "stack" }, form);

  const save = async () => {
    const input = { testId: test.id, ...readSettings(form, test, isDraft), ...(isDraft ? { sections: sections.read() } : {}) };
    const payload = await app.client.change("UpdateTest", input);
    fill(note, problems(payload.userErrors, (path) => placed(path, sections.read())));
    if (payload.userErrors.length) return false;
    if (isDraft) await check();
    return true;
  };
  const check = async () => fill(checks, checked((await app.client.ask("TestProblems", { id: test.id })).test, sections.read()));
  form.addEventListener("submit", busy(async () => (await save()) && toast(t("saved"), "good")));
  if (isDraft) await check();
  const aside = el("aside", { class: "card steps" }, el("h2", {}, t(isDraft ? "checks" : "state")), checks, ...steps(app, test, form, save));
  return el("div", { class: "beside" }, form, aside);
}

/** Return what stands between a draft and its publishing, each thing at its place. */
function checked({ problems: found, warnings }, sections) {
  const place = (path) => placed(path, sections);
  return el("div", { class: "stack" },
    found.length ? [el("p", { class: "soft" }, t("problem-count", { count: found.length })), problems(found, place)] : el("p", { class: "notice good" }, t("ready-to-publish")),
    problems(warnings, place, "warn"));
}

function steps(app, test, form, save) {
  const button = (key, kind, work) => el("button", { type: "button", class: kind, on: { click: busy(work) } }, t(key));
  const saveIt = el("button", { type: "button", on: { click: () => form.requestSubmit() } }, t("save"));
  const assigning = button("assign", "", () => assign(app, test));
  if (test.state === "DRAFT") return [saveIt, assigning, button("publish", "primary", async () => (await save()) && change(app, test, "PublishTest", "publish"))];
  if (test.state === "PUBLISHED") return [el("p", { class: "soft" }, t("published-lead")), saveIt, assigning, button("close-test", "danger", () => change(app, test, "CloseTest", "close-test"))];
  return [el("p", { class: "soft" }, t("closed-lead"))];
}

/** Do what cannot be undone, after asking. */
async function change(app, test, document, key) {
  const answer = await ask({ title: t(key), body: el("p", {}, t(`${key}-sure`)), actions: [{ value: "", text: t("cancel") }, { value: "yes", text: t(key), kind: "primary" }] });
  if (answer !== "yes") return;
  const payload = await app.client.change(document, { testId: test.id });
  if (payload.userErrors.length) toast(payload.userErrors[0].message, "warn");
  app.refresh();
}
