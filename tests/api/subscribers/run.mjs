// Subscribes by the public clients, as a test tells on standard input: each line {transport, url, token, query,
// variables}, and prints what comes as one JSON object a line. A line {stop: true} ends all subscriptions.
import { createInterface } from "node:readline";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";

const tell = (told) => console.log(JSON.stringify(told));
const stops = [];

const clientOf = {
  ws: ({ url, token }) =>
    createWsClient({
      url: url.replace("http", "ws"),
      webSocketImpl: WebSocket,
      connectionParams: { token },
      retryAttempts: 0,
      lazy: true,
      on: { closed: ({ code, reason }) => tell({ transport: "ws", closed: code, reason }) },
    }),
  sse: ({ url, token }) =>
    createSseClient({ url, headers: { authorization: `Bearer ${token}` }, retryAttempts: 0 }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.stop) {
    for (const stop of stops.splice(0)) stop();
    continue;
  }
  const { transport, query, variables } = asked;
  const client = clientOf[transport](asked);
  const unsubscribe = client.subscribe({ query, variables }, {
    next: (result) => tell({ transport, next: result }),
    error: (error) => tell({ transport, error: Array.isArray(error) ? error : String(error.message ?? error.reason ?? error) }),
    complete: () => tell({ transport, complete: true }),
  });
  stops.push(() => { unsubscribe(); setTimeout(() => client.dispose(), 50); });
}
