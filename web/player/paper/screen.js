/** The paper: the interface that candidates of national tests know. Jumping by number does not save the answer being edited. */

import { closeDialogs } from "../../shared/dialog.js";
import { el, fill } from "../../shared/element.js";
import { LANGUAGES, t } from "../../shared/texts.js";
import { toast } from "../../shared/toast.js";
import { askToSubmit, askWhoseAnswers } from "./asking.js";
import { controls, examBar, sectionTabs, side } from "./frame.js";
import { Notices, pausedCurtain } from "./notices.js";
import { Palette } from "./palette.js";
import { QuestionView } from "./question.js";

const ESSAY_PAUSE = 2000;

export class PaperScreen {
  #app;
  #attempt;
  #close;
  #view = null;
  #section;
  #essay = 0;
  #stop = new AbortController();
  element = el("div", { class: "paper" });

  /** `close(how)` is called once: "submit" by the student, "over" by the clock, or the code by which the server ended it. */
  constructor(app, attempt, close) {
    this.#app = app;
    this.#attempt = attempt;
    this.#close = (how) => {
      this.#essay && this.#saveEssay();
      this.leave();
      close(how);
    };
    const listen = (target, type, listener) => target.addEventListener(type, listener, { signal: this.#stop.signal });
    listen(attempt, "change", () => this.#update());
    listen(attempt, "deadline", () => this.#timed());
    listen(attempt, "paused", () => this.#timed());
    listen(attempt, "notice", ({ detail }) => this.#notices.show(detail));
    listen(attempt, "ended", ({ detail }) => this.#close(detail));
    listen(attempt, "differs", ({ detail }) => this.#differs(detail));
    listen(attempt, "unkept", () => this.#unkept());
    listen(attempt, "refused", ({ detail }) => this.#refused(detail));
    listen(window, "blur", () => this.#away(true));
    listen(window, "focus", () => this.#away(false));
    listen(document, "visibilitychange", () => this.#hidden());
    listen(window, "pagehide", () => attempt.outbox.flushOnHide());
    listen(window, "online", () => attempt.catchUp());
    this.#notices = new Notices(app.clock);
    this.#build();
    for (const notice of attempt.takeFresh()) this.#notices.show(notice);
    const known = attempt.questions.find(({ id }) => id === attempt.sitting.current);
    const first = known ?? attempt.questions[0];
    if (!known) attempt.record({ type: "VISIT", questionId: first.id });
    this.#show(first);
  }

  /** Let go of the page. */
  leave() {
    this.#stop.abort();
    closeDialogs();
    clearTimeout(this.#essay);
  }

  #notices;
  #curtain = pausedCurtain();
  #countdown;
  #tabs;
  #side;
  #palette;
  #sheet;

  #build() {
    const { bar, countdown } = examBar(this.#app, this.#attempt, () => this.#rebuild());
    this.#countdown = countdown;
    countdown.addEventListener("over", () => this.#close("over"));
    this.#tabs = sectionTabs(this.#attempt.paper.sections, (question) => this.#go(question));
    this.#palette = new Palette((question) => this.#go(question));
    this.#side = side(this.#palette, {
      submit: () => this.#submit(),
      close: () => this.#openPalette(false),
      speakAgain: () => this.#rebuild(),
    });
    this.#sheet = el("main", { class: "sheet", id: "sheet" });
    const buttons = controls({
      saveNext: () => this.#leaveFor(false),
      markNext: () => this.#leaveFor(true),
      clear: () => this.#clear(),
      openPalette: () => this.#openPalette(!this.element.classList.contains("palette-open")),
    });
    const strip = el("div", { class: "strip" }, this.#tabs.nav, this.#paperLanguage());
    fill(
      this.element,
      el("a", { class: "skip", href: "#sheet", on: { click: (event) => this.#skip(event) } }, t("skip")),
      bar,
      strip,
      this.#sheet,
      buttons,
      this.#side.element,
    );
    this.#working = [strip, this.#sheet, buttons, this.#side.element];
    this.#timed();
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.#openPalette(false));
  }

  #working = [];

  /** Let the clock run to the deadline; or while the attempt is paused stand, with everything shut. */
  #timed() {
    const { paused, deadline } = this.#attempt;
    for (const part of this.#working) part.inert = paused;
    if (paused) this.element.append(this.#curtain);
    else this.#curtain.remove();
    this.#countdown.start(this.#app.clock, paused ? null : deadline.at);
  }

  #skip(event) {
    event.preventDefault();
    this.#view.heading.focus();
  }

  /** Show everything in the language that was just chosen; the draft stays. */
  #rebuild() {
    this.#section = null;
    this.#build();
    this.#show(this.#question(this.#view.question.id), this.#view.draft);
  }

  #question(id) {
    return this.#attempt.questions.find((question) => question.id === id);
  }

  #paperLanguage() {
    const { languages } = this.#attempt;
    if (languages.length < 2) return null;
    const change = async (event) => {
      try {
        await this.#attempt.speak(event.target.value);
        this.#app.paperLanguage = event.target.value;
      } catch {
        toast(t("language-unreached"), "warn");
      }
      this.#rebuild();
    };
    const options = languages.map((tag) =>
      el("option", { value: tag, lang: tag, selected: tag === this.#app.paperLanguage }, LANGUAGES[tag] ?? tag),
    );
    return el("label", { class: "view-in" }, el("span", {}, t("view-in")), el("select", { on: { change } }, options));
  }

  #show(question, draft) {
    const { paper, sitting } = this.#attempt;
    const passage = paper.passages.find(({ id }) => id === question.passageId);
    this.#view = new QuestionView(question, sitting.responses.get(question.id), draft, passage, (view) =>
      this.#edited(view),
    );
    this.#view.element.lang = this.#app.paperLanguage;
    this.#sheet.scrollTop = 0; // while nothing has changed yet: afterwards it would lay the page out once more
    fill(this.#sheet, this.#notices.element, this.#view.element);
    this.#update();
  }

  #isStale = false;

  /** Have everything around the question show how things stand, once all that happens now has happened. */
  #update() {
    if (this.#isStale) return;
    this.#isStale = true;
    queueMicrotask(() => {
      this.#isStale = false;
      this.#showStates();
    });
  }

  #showStates() {
    const { sitting, paper } = this.#attempt;
    const id = this.#view?.question.id ?? sitting.current;
    const section = paper.sections.find(({ questions }) => questions.some((question) => question.id === id));
    if (section !== this.#section) {
      this.#section = section;
      this.#palette.show(section, sitting);
    }
    this.#palette.update(section, sitting);
    this.#tabs.update(section, sitting);
    this.#side.update(section, sitting);
  }

  /** Go to a question without saving the answer being edited. */
  #go(question) {
    this.#saveEssay();
    this.#openPalette(false);
    if (question.id !== this.#attempt.sitting.current) this.#attempt.record({ type: "VISIT", questionId: question.id });
    this.#show(question);
    this.#view.heading.focus({ preventScroll: true });
  }

  /** Save the answer, set or take the mark, and go to the next question. */
  #leaveFor(mark) {
    const { question, problem, draft, edited } = this.#view;
    if (problem) {
      toast(problem, "warn");
      this.#sheet.querySelector('[aria-invalid="true"]')?.focus();
      return;
    }
    const events = [];
    if (edited)
      events.push(
        draft
          ? { type: "ANSWER", questionId: question.id, response: draft }
          : { type: "CLEAR", questionId: question.id },
      );
    if (mark !== this.#attempt.sitting.marked.has(question.id))
      events.push({ type: mark ? "MARK" : "UNMARK", questionId: question.id });
    if (events.length) this.#attempt.record(...events);
    this.#view.settle();
    const { questions } = this.#attempt;
    const place = questions.findIndex(({ id }) => id === question.id) + 1;
    if (place === questions.length) toast(t("was-last"));
    this.#go(questions[place % questions.length]);
  }

  #clear() {
    const { question } = this.#view;
    if (this.#attempt.sitting.responses.has(question.id))
      this.#attempt.record({ type: "CLEAR", questionId: question.id });
    this.#show(question);
    this.#view.heading.focus({ preventScroll: true });
  }

  #edited(view) {
    if (view.question.type !== "ESSAY") return;
    clearTimeout(this.#essay);
    this.#essay = setTimeout(() => this.#saveEssay(), ESSAY_PAUSE);
  }

  /** An essay is saved as it is written: nobody expects to lose pages to a tap on a number. */
  #saveEssay() {
    clearTimeout(this.#essay);
    const { question, draft, edited } = this.#view;
    if (question.type !== "ESSAY" || !edited) return;
    this.#view.settle();
    this.#attempt.record(
      draft ? { type: "ANSWER", questionId: question.id, response: draft } : { type: "CLEAR", questionId: question.id },
    );
  }

  #isAway = false;

  #away(away) {
    if (away === this.#isAway) return;
    this.#isAway = away;
    this.#attempt.record({ type: away ? "BLUR" : "FOCUS" });
  }

  #hidden() {
    this.#away(document.hidden);
    if (!document.hidden) return this.#attempt.catchUp();
    this.#saveEssay();
    return this.#attempt.outbox.flushOnHide();
  }

  #openPalette(open) {
    this.element.classList.toggle("palette-open", open);
    if (open) this.#palette.element.querySelector('[tabindex="0"]')?.focus();
  }

  async #submit() {
    this.#saveEssay();
    this.#openPalette(false);
    const { paper, sitting } = this.#attempt;
    const unsaved = this.#view.edited ? this.#view.question.number : null;
    if ((await askToSubmit(paper.sections, sitting, unsaved)) && !this.#stop.signal.aborted) this.#close("submit");
  }

  async #differs({ questionIds, choose }) {
    choose(await askWhoseAnswers(questionIds.map((id) => this.#question(id).number)));
    this.#show(this.#view.question);
  }

  /** Once: what the student must know of a device that is full. */
  #unkept() {
    if (this.#told) return;
    this.#told = true;
    this.#notices.warn(t("unkept"));
  }

  #told = false;

  #refused(events) {
    const numbers = [...new Set(events.map(({ questionId }) => this.#question(questionId)?.number).filter(Boolean))];
    if (numbers.length) toast(t("refused", { numbers: numbers.join(", ") }), "warn");
  }
}
