/** GraphQL over HTTP by trusted documents: a request names a document, and the server knows its text. */

// Made by the server: the `documentId` of every file in `documents/`, by its name.
import documents from "../documents.js";

const PATIENCE = 20_000;
const TRY_AGAIN = new Set(["STORE_UNAVAILABLE", "ANALYSIS_UNAVAILABLE", "TIMEOUT", "INTERNAL"]);

/** The server was not reached, or could not answer now: asking again may help, and is safe. */
export class Unreachable extends Error {}

/** The server does not do this; `code` is the stable one of the API. */
export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Asks as whoever is logged in. `clock` learns from every answer that tells the server's time. */
export class Client {
  constructor(session, clock) {
    this.session = session;
    this.clock = clock;
  }

  /**
   * Return the data of an answer without errors; `keepalive` lets the request outlive the page.
   * Throws Unreachable, Refused; UNAUTHENTICATED also ends the session.
   */
  async ask(name, variables = {}, { keepalive = false } = {}) {
    const token = this.session.token;
    const headers = { "Content-Type": "application/json", Accept: "application/graphql-response+json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    const body = JSON.stringify({ documentId: documents[name], variables });
    const sentAt = performance.now();
    const answer = await this.#answer({ method: "POST", headers, body, keepalive });
    const serverNow = answer.data?.serverTime ?? answer.data?.saveResponses?.acknowledgement?.serverNow;
    if (serverNow) this.clock.learn(Date.parse(serverNow), sentAt, performance.now());
    if (!answer.errors?.length) return answer.data;
    const { message, extensions } = answer.errors[0];
    const code = extensions?.code ?? "INTERNAL";
    if (TRY_AGAIN.has(code)) throw new Unreachable(message);
    if (code === "UNAUTHENTICATED" && token === this.session.token) this.session.end(true);
    throw new Refused(code, message);
  }

  /** Run a mutation of one root field; return its payload with `userErrors`. */
  async change(name, input, options) {
    return Object.values(await this.ask(name, { input }, options))[0];
  }

  async #answer(request) {
    try {
      const response = await fetch("/graphql", { ...request, signal: AbortSignal.timeout(PATIENCE) });
      if (response.status >= 500 || response.status === 429)
        throw new Unreachable(`the server answered ${response.status}`);
      return await response.json();
    } catch (error) {
      throw error instanceof Unreachable ? error : new Unreachable(error.message);
    }
  }
}
