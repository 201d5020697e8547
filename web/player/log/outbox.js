/**
 * The way of an attempt's events to the server: first onto this device, then out in numbered batches, one at a time.
 *
 * A batch's content is fixed by the transaction that numbers it, so sending it again is safe, by this page or by the next one.
 * Emits `change` whenever `waiting`, `unsaved`, `savedAt` or `troubled` do, and tells its owner through `heard` what an answer brings.
 */

import { Refused, Unreachable } from "../../shared/graphql.js";

const BATCH = 200;
const LAZY = 10_000;
const PAUSES = [1, 2, 4, 8, 15].map((seconds) => seconds * 1000);
const PAUSE = 10_000;
const AT_ONCE = new Set(["ANSWER", "CLEAR", "MARK", "UNMARK"]);
const LATE = ["ATTEMPT_CLOSED", "DEADLINE_PASSED"];
const LOST = ["TAKEN_OVER", "OTHER_DEVICE", "NOT_STARTED"];
const KEEPALIVE_BYTES = 60_000;

export class Outbox extends EventTarget {
  #client;
  #database;
  #attemptId;
  #heard;
  #naming;
  #settled = new Set();
  #unkept = [];
  #volatile = null;
  #waiting = 0;
  #unsaved = 0;
  #next = 1;
  #running = null;
  #timer = 0;
  #failures = 0;
  #stopped = false;
  #writing = Promise.resolve();
  #numbering = Promise.resolve();
  #due = 0;

  savedAt = null;
  troubled = false;

  /**
   * `naming()` returns what every save tells of the device. `heard`: `acknowledged(acknowledgement, events)`, `conflict()`,
   * `paused()`, `ended(code)`, `refused(events)`, `unkept()` when this device keeps nothing.
   */
  constructor(client, database, attemptId, naming, heard) {
    super();
    this.#client = client;
    this.#database = database;
    this.#attemptId = attemptId;
    this.#naming = naming;
    this.#heard = heard;
  }

  /** How many events the server has not acknowledged. */
  get waiting() {
    return this.#waiting;
  }

  /** How many of them tell of answers; the others may wait for company. */
  get unsaved() {
    return this.#unsaved;
  }

  /** The highest number given to a batch. */
  get lastSeq() {
    return this.#next - 1;
  }

  get stopped() {
    return this.#stopped;
  }

  /** Look what waits, number on after `ackedSeq`, and begin to send; return the waiting events in order. */
  async open(ackedSeq) {
    const { batches } = await this.#database.waiting(this.#attemptId);
    const all = await this.everything();
    this.#next = Math.max(ackedSeq, batches.at(-1)?.seq ?? 0) + 1;
    this.#count(all);
    return all;
  }

  /** Return all events that wait, in order. */
  async everything() {
    const { events, batches } = await this.#database.waiting(this.#attemptId);
    return [...batches.flatMap((batch) => batch.events), ...events.map(({ event }) => event)];
  }

  /** Keep events on this device; those that tell of answers are sent at once, the others with the next. */
  record(...events) {
    this.#waiting += events.length;
    this.#unsaved += events.filter(tellsOfAnswer).length;
    this.#changed();
    this.#writing = this.#writing
      .then(() => this.#database.addEvents(this.#attemptId, events))
      .catch(() => this.#holdInMemory(events));
    const delay = events.some(tellsOfAnswer) ? 0 : LAZY;
    this.#writing.then(() => this.#sendIn(delay));
    return this.#writing;
  }

  /** Send all that waits now; return when it has been acknowledged, or could not be sent. */
  async flush() {
    await this.#writing;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#running ??= this.#send().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Send what waits as the page goes: the request outlives it, and its answer is not waited for. */
  async flushOnHide() {
    await this.#writing;
    if (this.#stopped) return;
    await this.#number();
    const { batches } = await this.#database.waiting(this.#attemptId);
    let bytes = 0;
    for (const batch of batches) {
      bytes += JSON.stringify(batch.events).length;
      if (bytes > KEEPALIVE_BYTES) break;
      this.#save(batch, true)
        .then((payload) => payload.userErrors.length || this.#acknowledge(batch, payload))
        .catch(() => {});
    }
  }

  /** Send nothing more; what waits stays here. */
  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Number all that waits anew after `ackedSeq`, without the events that `keeps` refuses. */
  async renumber(ackedSeq, keeps) {
    const kept = (await this.everything()).filter(keeps);
    await this.#database.startOver(this.#attemptId, kept);
    this.#next = ackedSeq + 1;
    this.#count(kept);
  }

  #sendIn(delay) {
    if (this.#stopped) return;
    const due = performance.now() + delay;
    if (this.#timer && this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.flush();
    }, delay);
  }

  async #send() {
    while (!this.#stopped) {
      const batch = await this.#oldest();
      if (batch === null) return;
      try {
        const payload = await this.#save(batch, false);
        if (payload.userErrors.length === 0) await this.#acknowledge(batch, payload);
        else if (!(await this.#mend(batch, payload.userErrors))) return;
      } catch (error) {
        if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
        this.#failures += 1;
        this.troubled = true;
        this.#changed();
        const pause = PAUSES[Math.min(this.#failures, PAUSES.length) - 1];
        this.#sendIn(pause * (0.75 + Math.random() / 2));
        return;
      }
    }
  }

  async #oldest() {
    const { batches } = await this.#database.waiting(this.#attemptId);
    if (batches.length) return batches[0];
    return this.#number();
  }

  /** Give the next number to what has none; one caller after the other. */
  #number() {
    const made = this.#numbering.then(async () => {
      const batch =
        (await this.#database.makeBatch(this.#attemptId, this.#next, BATCH).catch(() => null)) ?? this.#batchInMemory();
      if (batch) this.#next = batch.seq + 1;
      return batch;
    });
    this.#numbering = made;
    return made;
  }

  /** A disk that is full keeps nothing: then events live in this page alone until they are sent. */
  #holdInMemory(events) {
    this.#unkept.push(...events);
    this.#heard.unkept();
  }

  #batchInMemory() {
    if (this.#volatile || this.#unkept.length === 0) return this.#volatile;
    this.#volatile = { attemptId: this.#attemptId, seq: this.#next, events: this.#unkept.splice(0, BATCH) };
    return this.#volatile;
  }

  #save({ seq, events }, keepalive) {
    const input = { attemptId: this.#attemptId, seq, events, ...this.#naming() };
    return this.#client.change("SaveResponses", input, { keepalive });
  }

  async #acknowledge(batch, { acknowledgement }) {
    if (this.#settled.has(batch.seq)) return;
    this.#failures = 0;
    this.troubled = false;
    this.savedAt = Date.parse(acknowledgement.serverNow);
    await this.#settle(batch);
    const { batches } = await this.#database.waiting(this.#attemptId);
    // Of numbers that another device used up beyond a gap, the acknowledgement tells.
    if (batches.length === 0) this.#next = Math.max(this.#next, acknowledgement.ackedSeq + 1);
    this.#heard.acknowledged(acknowledgement, batch.events);
    this.#changed();
  }

  /** Forget here what the server has. */
  #settle({ attemptId, seq, events }) {
    this.#settled.add(seq);
    this.#waiting -= events.length;
    this.#unsaved -= events.filter(tellsOfAnswer).length;
    if (this.#volatile?.seq === seq) this.#volatile = null;
    return this.#database.removeBatch(attemptId, seq);
  }

  /** Do what a refusal asks for; return whether sending goes on. */
  async #mend(batch, errors) {
    const codes = new Set(errors.map(({ code }) => code));
    if (codes.has("SEQUENCE_CONFLICT")) return this.#heard.conflict();
    if (codes.has("PAUSED")) {
      // Nothing was stored: the batch keeps its number until the attempt goes on.
      this.#heard.paused();
      this.#sendIn(PAUSE);
      return false;
    }
    const late = LATE.find((code) => codes.has(code));
    if (late) {
      // The server keeps it apart, flagged; so it does with all that follows.
      await this.#settle(batch);
      this.#heard.ended(late);
      return true;
    }
    const lost = LOST.find((code) => codes.has(code));
    if (lost) {
      this.stop();
      this.#heard.ended(lost);
      return false;
    }
    // A batch that was refused is not stored: without the events that are at fault its number is still free.
    const places = errors.filter(({ path }) => path[0] === "events").map(({ path }) => Number(path[1]));
    const isAtFault = (_, place) => places.length === 0 || places.includes(place);
    this.#heard.refused(batch.events.filter(isAtFault));
    const events = batch.events.filter((...at) => !isAtFault(...at));
    if (this.#volatile === batch) this.#volatile = null;
    if (events.length) await this.#database.replaceBatch({ ...batch, events });
    else {
      await this.#database.removeBatch(batch.attemptId, batch.seq);
      await this.renumber(batch.seq - 1, () => true);
    }
    this.#count([...(await this.everything()), ...this.#unkept]);
    return true;
  }

  #count(waiting) {
    this.#waiting = waiting.length;
    this.#unsaved = waiting.filter(tellsOfAnswer).length;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

function tellsOfAnswer({ type }) {
  return AT_ONCE.has(type);
}
