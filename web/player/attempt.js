/**
 * A running attempt on this device: the paper, what was done, and the way to the server.
 *
 * Emits `change` (an answer, a mark, a visit), `deadline`, `paused` (or not any more), `notice` (detail: the notice), `ended`
 * (detail: the code), `refused` (detail: events that the server would not take), `unkept` (the device keeps nothing), `differs` (detail: see `#conflict`).
 */

import { Refused, Unreachable } from "../shared/graphql.js";
import { Outbox } from "./log/outbox.js";
import { Sitting, same } from "./sitting.js";

const BEAT = 20_000;
const PAUSED_BEAT = 10_000;
const LOOK = 5_000;

export class Attempt extends EventTarget {
  #app;
  #database;
  #head;
  #lastAt;
  #beat = 0;
  #heardAt = 0;
  #seen = [];
  #fresh = [];
  #saved;

  /** Open an attempt from the server, or without a network from what is kept here. Throws Unreachable, Refused. */
  static async open(app, database, id, language) {
    let head;
    try {
      head = (await app.client.ask("Sitting", { id })).attempt;
      if (head === null) throw new Refused("NOT_FOUND", id);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      head = (await database.attempt(id))?.head;
      if (!head) throw error;
    }
    const attempt = new Attempt(app, database, head);
    if (head.state === "IN_PROGRESS") await attempt.#resume(language);
    return attempt;
  }

  constructor(app, database, head) {
    super();
    this.#app = app;
    this.#database = database;
    this.#head = head;
    this.outbox = new Outbox(
      app.client,
      database,
      head.id,
      () => ({ ...app.device(), noticesAfter: this.#seen.at(-1) ?? null }),
      {
        acknowledged: (said, events) => {
          for (const event of events) this.#saved.apply(event);
          this.#hear(said);
          this.#keep();
        },
        conflict: () => this.#conflict(),
        paused: () => this.#pause(true),
        ended: (code) => this.#tell("ended", code),
        refused: (events) => this.#tell("refused", events),
        unkept: () => this.#tell("unkept"),
      },
    );
  }

  get id() {
    return this.#head.id;
  }

  get state() {
    return this.#head.state;
  }

  get paused() {
    return this.#head.paused;
  }

  get student() {
    return this.#head.student;
  }

  get test() {
    return this.#head.test;
  }

  get deadline() {
    return this.#head.deadline;
  }

  get questions() {
    return this.paper.sections.flatMap((section) => section.questions);
  }

  /** Return the languages in which the paper is written. */
  get languages() {
    return [...new Set(this.questions.flatMap(({ texts }) => texts.map(({ language }) => language)))];
  }

  async #resume(language) {
    this.paper = await this.#paper(language);
    this.sitting = sittingOf(this.#head);
    this.#saved = sittingOf(this.#head);
    const waiting = await this.outbox.open(this.#head.ackedSeq);
    for (const event of waiting) this.sitting.apply(event);
    const kept = await this.#database.attempt(this.id);
    this.#lastAt = Math.max(kept?.lastAt ?? 0, ...waiting.map(({ at }) => at));
    // What this device last knew to be saved tells its own answers from those of another.
    if (kept && waiting.length) this.#saved.responses = new Map(kept.saved);
    this.#seen = kept?.seen ?? [];
    // To a device that comes new, only what was said is news: what was done shows in the deadline.
    if (!kept) this.#seen = this.#head.notices.filter(({ kind }) => kind !== "MESSAGE").map(({ id }) => id);
    this.#fresh = this.#unseen(this.#head.notices);
    await this.#keep();
    this.#beat = setInterval(() => this.#heartbeat(), LOOK);
    this.outbox.flush();
  }

  /** Return the notices that came while nobody listened, once. */
  takeFresh() {
    return this.#fresh.splice(0);
  }

  #unseen(notices) {
    const fresh = notices.filter(({ id }) => !this.#seen.includes(id));
    this.#seen.push(...fresh.map(({ id }) => id));
    return fresh;
  }

  #pause(paused) {
    if (paused === this.#head.paused) return;
    this.#head.paused = paused;
    this.dispatchEvent(new Event("paused"));
    if (!paused) this.outbox.flush();
  }

  /** Read the paper in another language. Throws Unreachable where it is neither here nor to be had. */
  async speak(language) {
    this.paper = await this.#paper(language);
  }

  async #paper(language) {
    const kept = await this.#database.paper(this.id, language);
    if (kept) return kept.paper;
    const { attempt } = await this.#app.client.ask("AttemptPaper", { id: this.id, language });
    await this.#database.keepPaper(this.id, language, attempt.paper);
    return attempt.paper;
  }

  /** Record what the student did: it shows at once, and is kept and sent beside. */
  record(...done) {
    const events = done.map((event) => ({ ...event, at: this.#at() }));
    for (const event of events) this.sitting.apply(event);
    this.outbox.record(...events);
    this.dispatchEvent(new Event("change"));
  }

  /** Close the attempt; return the user errors. Throws Unreachable, Refused. */
  async submit(allowMissing = false) {
    await this.outbox.flush();
    if (this.outbox.waiting && !this.outbox.stopped) throw new Unreachable("answers wait");
    const input = { attemptId: this.id, lastSeq: this.outbox.lastSeq, allowMissing };
    const { userErrors } = await this.#app.client.change("SubmitAttempt", input);
    return userErrors.filter(({ code }) => code !== "ATTEMPT_CLOSED" && code !== "DEADLINE_PASSED");
  }

  /** Forget on this device what the server has. */
  async forget() {
    this.close();
    await this.#database.forget(this.id);
  }

  close() {
    clearInterval(this.#beat);
    this.outbox.stop();
  }

  /** Milliseconds since the start, by the server's clock, never less than the last event's. */
  #at() {
    const at = Math.round(this.#app.clock.now() - Date.parse(this.#head.startedAt));
    this.#lastAt = Math.max(at, this.#lastAt, 0);
    return this.#lastAt;
  }

  #keep() {
    return this.#database.keepAttempt({
      id: this.id,
      head: this.#head,
      lastAt: this.#lastAt,
      seen: this.#seen,
      saved: [...this.#saved.responses],
    });
  }

  #hear({ deadline, ackedSeq, notices, paused }) {
    this.#heardAt = performance.now();
    this.#head.ackedSeq = Math.max(this.#head.ackedSeq, ackedSeq ?? 0);
    const fresh = this.#unseen(notices);
    for (const notice of fresh) {
      if (notice.kind === "PAUSED" || notice.kind === "RESUMED") this.#pause(notice.kind === "PAUSED");
      this.#tell("notice", notice);
    }
    if (paused !== undefined) this.#pause(paused);
    if (fresh.some(({ kind }) => kind === "TAKEN_OVER")) return this.#tell("ended", "TAKEN_OVER");
    if (deadline.at === this.#head.deadline.at && deadline.reason === this.#head.deadline.reason) return null;
    this.#head.deadline = deadline;
    return this.dispatchEvent(new Event("deadline"));
  }

  /** Send what waits and ask for news: the page or the network has just come back. */
  catchUp() {
    this.outbox.flush();
    return this.#ask();
  }

  /** Ask for news when no acknowledgement has brought any for a while. */
  #heartbeat() {
    if (performance.now() - this.#heardAt >= (this.paused ? PAUSED_BEAT : BEAT)) this.#ask();
  }

  async #ask() {
    if (this.outbox.stopped) return;
    this.#heardAt = performance.now();
    try {
      const { attempt } = await this.#app.client.ask("Heartbeat", { id: this.id });
      if (this.outbox.stopped) return;
      this.#hear(attempt);
      this.#keep();
      if (attempt.state !== "IN_PROGRESS") this.#tell("ended", "ATTEMPT_CLOSED");
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
    }
  }

  /**
   * Another device has used the number of a batch that waits here. If it still holds the attempt, this one has lost it. Else what
   * waits is numbered anew; where the other device has answered the same question otherwise, the student says which answer
   * holds (`differs`: `questionIds`, `choose(ours)`).
   */
  async #conflict() {
    const input = { testId: this.test.id, number: this.#head.number, ...this.#app.device() };
    const { userErrors } = await this.#app.client.change("StartAttempt", input);
    if (userErrors.some(({ code }) => code === "OTHER_DEVICE")) {
      this.outbox.stop();
      this.#tell("ended", "TAKEN_OVER");
      return false;
    }
    const { attempt: head } = await this.#app.client.ask("Sitting", { id: this.id });
    const theirs = sittingOf(head);
    const isOurs = (id) => same(theirs.responses.get(id), this.#saved.responses.get(id), true);
    const waiting = await this.outbox.everything();
    const answered = new Set(
      waiting.filter(({ type }) => type === "ANSWER" || type === "CLEAR").map(({ questionId }) => questionId),
    );
    const questionIds = [...answered].filter(
      (id) => !isOurs(id) && !same(theirs.responses.get(id), this.sitting.responses.get(id), true),
    );
    const ours =
      questionIds.length === 0 || (await new Promise((choose) => this.#tell("differs", { questionIds, choose })));
    const dropped = new Set(ours ? [] : questionIds);
    const keeps = ({ type, questionId }) => !(dropped.has(questionId) && (type === "ANSWER" || type === "CLEAR"));
    this.#head = { ...head, state: this.#head.state };
    this.#saved = sittingOf(head);
    await this.outbox.renumber(head.ackedSeq, keeps);
    this.sitting = Object.assign(theirs, { current: this.sitting.current });
    for (const event of waiting.filter(keeps))
      this.sitting.apply({ ...event, type: event.type === "VISIT" ? "" : event.type });
    this.dispatchEvent(new Event("change"));
    return true;
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function sittingOf({ responses, palette, currentQuestionId }) {
  return new Sitting({ responses, palette, current: currentQuestionId });
}
