/**
 * The overview of a sitting as it changes: over a WebSocket (graphql-transport-ws); where networks block sockets, over
 * server-sent events (graphql-sse); where nothing stays open, by asking.
 */

import documents from "../../documents.js";

const DOCUMENT = "SittingLive";
const OPENING = 5_000;
const BACK_OFF = [1_000, 2_000, 5_000, 10_000];
const ASKING = 5_000;

export class Live {
  #stopped = false;
  #close = () => {};
  #failures = 0;

  /** `news(overview)` is called with each, `state("open" | "waiting" | "asking")` with how they come. */
  constructor(app, testId, { news, state }) {
    this.app = app;
    this.variables = { testId };
    this.news = news;
    this.state = state;
  }

  async start() {
    while (!this.#stopped) {
      for (const way of [bySocket, byEvents]) {
        if (this.#stopped) return;
        await way(this).catch(() => {});
      }
      if (this.#stopped) return;
      await this.#ask();
      await pause(BACK_OFF[Math.min(this.#failures++, BACK_OFF.length - 1)]);
    }
  }

  stop() {
    this.#stopped = true;
    this.#close();
  }

  /** Called by a way that is open: `close` ends it. */
  opened(close) {
    if (this.#stopped) return close();
    this.#close = close;
    this.#failures = 0;
    this.state("open");
  }

  told(payload) {
    if (payload.data?.sitting && !this.#stopped) this.news(payload.data.sitting);
  }

  async #ask() {
    this.state("asking");
    try {
      this.told({ data: { sitting: (await this.app.client.ask("SittingOverview", this.variables)).sittingOverview } });
      await pause(ASKING);
    } catch {
      this.state("waiting");
    }
  }
}

/** Resolve when a socket that was open has closed; reject when it never opened. */
function bySocket(live) {
  return new Promise((resolve, reject) => {
    const address = new URL("/graphql", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address, "graphql-transport-ws");
    const send = (message) => socket.send(JSON.stringify(message));
    const patience = setTimeout(() => socket.close(), OPENING);
    let open = false;
    socket.addEventListener("open", () => send({ type: "connection_init", payload: { authorization: `Bearer ${live.app.session.token}` } }));
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "connection_ack") {
        open = true;
        clearTimeout(patience);
        live.opened(() => socket.close(1000));
        send({ id: "1", type: "subscribe", payload: { documentId: documents[DOCUMENT], variables: live.variables } });
      } else if (message.type === "ping") send({ type: "pong" });
      else if (message.type === "next") live.told(message.payload);
      else if (message.type === "error" || message.type === "complete") socket.close(1000);
    });
    socket.addEventListener("close", () => {
      clearTimeout(patience);
      if (open) resolve();
      else reject(new Error("the socket did not open"));
    });
  });
}

/** Resolve when a stream of events has ended; reject when there is none. */
async function byEvents(live) {
  const stop = new AbortController();
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream", Authorization: `Bearer ${live.app.session.token}` },
    body: JSON.stringify({ documentId: documents[DOCUMENT], variables: live.variables }),
    signal: stop.signal,
  });
  if (!answer.ok || !answer.headers.get("content-type")?.startsWith("text/event-stream")) throw new Error(`${answer.status}`);
  live.opened(() => stop.abort());
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const events = (waiting + part.value).split(/\r?\n\r?\n/);
    waiting = events.pop();
    for (const event of events) {
      const fields = Object.fromEntries(event.split(/\r?\n/).map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
      if (fields.event === "complete") return;
      if (fields.event === "next") live.told(JSON.parse(fields.data));
    }
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
