// Shows GraphiQL from the CDN or, when that is out of reach or asked for by `?plain`, the editor of this server.

import { startEditor } from "/graphiql/editor.js";

const PATIENCE = 8000;
const QUERY = `# Headers of the request are set in the tab "Headers" below:
#   {"X-Tenant": "your-institution", "Authorization": "Bearer …"}
# The mutation "login" gives the token.

query Now {
  serverTime
}
`;

function load(template) {
  const element = document.createElement(template.localName);
  for (const { name, value } of template.attributes) element.setAttribute(name, value);
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${template.src || template.href} did not load`));
    document.head.append(element);
  });
}

async function loadGraphiQL() {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("the CDN is too slow")), PATIENCE));
  for (const element of document.getElementById("cdn").content.children) await Promise.race([load(element), late]);
}

function showGraphiQL() {
  const { React, ReactDOM, GraphiQL } = window;
  const root = document.getElementById("graphiql");
  root.hidden = false;
  const fetcher = GraphiQL.createFetcher({ url: location.pathname });
  const properties = { fetcher, defaultQuery: QUERY, isHeadersEditorEnabled: true, shouldPersistHeaders: false };
  ReactDOM.createRoot(root).render(React.createElement(GraphiQL, properties));
}

async function start() {
  if (new URLSearchParams(location.search).has("plain")) return startEditor("");
  try {
    await loadGraphiQL();
    showGraphiQL();
  } catch {
    startEditor("GraphiQL's CDN is out of reach: this is the server's own plain editor.");
  }
}

await start();
document.getElementById("loading").remove();
