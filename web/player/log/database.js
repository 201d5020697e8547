/**
 * What is kept on this device, in IndexedDB, until the server has it:
 *
 * - `events` not yet in a batch, in the order in which they happened; `batches` by (attempt, number), whose content never changes;
 * - `attempts`: what is needed to show an attempt without the network; `papers` by (attempt, language).
 */

const NAME = "tp-player";
const VERSION = 1;

export async function openDatabase() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    const made = request.result;
    made.createObjectStore("events", { keyPath: "id", autoIncrement: true }).createIndex("attempt", "attemptId");
    made.createObjectStore("batches", { keyPath: ["attemptId", "seq"] });
    made.createObjectStore("attempts", { keyPath: "id" });
    made.createObjectStore("papers", { keyPath: ["attemptId", "language"] });
  };
  const database = await done(request);
  // A page of a newer version may change the database; this one then asks for it anew.
  database.onversionchange = () => database.close();
  return new Database(database);
}

class Database {
  #database;

  constructor(database) {
    this.#database = database;
  }

  /** Return the attempt's events and batches that wait, both in order. */
  async waiting(attemptId) {
    const transaction = this.#database.transaction(["events", "batches"]);
    const [events, batches] = await Promise.all([
      done(transaction.objectStore("events").index("attempt").getAll(attemptId)),
      done(transaction.objectStore("batches").getAll(ofAttempt(attemptId))),
    ]);
    return { events: events.sort((one, other) => one.id - other.id), batches };
  }

  /** Keep events; return when they are on the disk. */
  async addEvents(attemptId, events) {
    return this.#write(
      ["events"],
      (events_) => {
        for (const event of events) events_.add({ attemptId, event });
      },
      "strict",
    );
  }

  /** Move the oldest events, at most `limit`, into batch `seq`, all at once or not at all; return the batch, or `null`. */
  async makeBatch(attemptId, seq, limit) {
    let batch = null;
    await this.#write(
      ["events", "batches"],
      (events, batches) => {
        const request = events.index("attempt").getAll(attemptId, limit);
        request.onsuccess = () => {
          if (request.result.length === 0) return;
          batch = { attemptId, seq, events: request.result.map(({ event }) => event) };
          batches.add(batch);
          for (const { id } of request.result) events.delete(id);
        };
      },
      "strict",
    );
    return batch;
  }

  async removeBatch(attemptId, seq) {
    return this.#write(["batches"], (batches) => batches.delete([attemptId, seq]));
  }

  async replaceBatch(batch) {
    return this.#write(["batches"], (batches) => batches.put(batch), "strict");
  }

  /** Take all batches apart, and keep `events` in their place: they get new numbers. */
  async startOver(attemptId, kept) {
    return this.#write(
      ["events", "batches"],
      (events, batches) => {
        batches.delete(ofAttempt(attemptId));
        const request = events.index("attempt").getAllKeys(attemptId);
        request.onsuccess = () => {
          for (const id of request.result) events.delete(id);
          for (const event of kept) events.add({ attemptId, event });
        };
      },
      "strict",
    );
  }

  async attempt(id) {
    return done(this.#database.transaction("attempts").objectStore("attempts").get(id));
  }

  async keepAttempt(attempt) {
    return this.#write(["attempts"], (attempts) => attempts.put(attempt));
  }

  async paper(attemptId, language) {
    return done(this.#database.transaction("papers").objectStore("papers").get([attemptId, language]));
  }

  async keepPaper(attemptId, language, paper) {
    return this.#write(["papers"], (papers) => papers.put({ attemptId, language, paper }));
  }

  /** Forget an attempt that is over. */
  async forget(attemptId) {
    await this.startOver(attemptId, []);
    return this.#write(["attempts", "papers"], (attempts, papers) => {
      attempts.delete(attemptId);
      papers.delete(ofAttempt(attemptId));
    });
  }

  #write(stores, work, durability = "relaxed") {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(stores, "readwrite", { durability });
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
      work(...stores.map((name) => transaction.objectStore(name)));
    });
  }
}

/** Return the range of compound keys that begin with an attempt's id. */
function ofAttempt(attemptId) {
  return IDBKeyRange.bound([attemptId], [attemptId, []]);
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
