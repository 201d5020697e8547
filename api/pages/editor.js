// The plain editor: a query, its variables and headers, the answer, and a box that logs in.

const KEPT = "tp-editor";
const STARTER = "query Now {\n  serverTime\n}\n";
const LOGIN = `mutation Login($input: LoginInput!) {
  login(input: $input) {
    token
    userErrors { code message }
  }
}`;
const SCHEMA = `query Schema {
  __schema {
    types {
      kind
      name
      fields { name args { name type { ...T } } type { ...T } }
      inputFields { name type { ...T } }
      enumValues { name }
      possibleTypes { name }
    }
  }
}
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

const at = (id) => document.getElementById(id);

export function startEditor(notice) {
  at("editor").hidden = false;
  at("notice").textContent = notice;
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  at("query").value = kept.query ?? STARTER;
  at("variables").value = kept.variables ?? "";
  at("run").addEventListener("click", run);
  at("schema").addEventListener("click", showSchema);
  at("login").addEventListener("submit", logIn);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
  });
}

async function run() {
  const query = at("query").value;
  localStorage.setItem(KEPT, JSON.stringify({ query, variables: at("variables").value }));
  try {
    const variables = parsed("variables");
    show(await ask(query, variables, parsed("headers")));
  } catch (error) {
    at("status").textContent = error.message;
  }
}

async function ask(query, variables, headers) {
  at("status").textContent = "…";
  const began = performance.now();
  const response = await fetch(location.pathname, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json", ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const body = await response.json();
  at("status").textContent = `${response.status} in ${Math.round(performance.now() - began)} ms`;
  return body;
}

async function logIn(event) {
  event.preventDefault();
  const { tenant, login, password } = Object.fromEntries(new FormData(event.target));
  try {
    const body = await ask(LOGIN, { input: { tenant, login, password } }, {});
    const token = body.data?.login?.token;
    if (!token) return fail(body);
    at("headers").value = JSON.stringify({ "X-Tenant": tenant, Authorization: `Bearer ${token}` }, null, 2);
    at("session").textContent = `${login} of ${tenant}: the token is in the headers`;
    event.target.elements.password.value = "";
  } catch (error) {
    at("session").textContent = error.message;
  }
}

function fail(body) {
  const [problem] = [...(body.errors ?? []), ...(body.data?.login?.userErrors ?? [])];
  at("session").textContent = problem?.message ?? "not logged in";
  show(body);
}

async function showSchema() {
  try {
    const body = await ask(SCHEMA, {}, parsed("headers"));
    if (body.data) at("result").textContent = body.data.__schema.types.map(typeText).filter(Boolean).join("\n\n");
    else show(body);
  } catch (error) {
    at("status").textContent = error.message;
  }
}

function typeText({ kind, name, fields, inputFields, enumValues, possibleTypes }) {
  if (name.startsWith("__")) return "";
  const keyword = { OBJECT: "type", INPUT_OBJECT: "input" }[kind] ?? kind.toLowerCase();
  if (kind === "SCALAR") return `scalar ${name}`;
  if (kind === "UNION") return `union ${name} = ${possibleTypes.map((type) => type.name).join(" | ")}`;
  if (kind === "ENUM") return `enum ${name} { ${enumValues.map((value) => value.name).join(" ")} }`;
  const lines = (fields ?? inputFields).map((field) => `  ${field.name}${argumentsText(field)}: ${typeName(field.type)}`);
  return `${keyword} ${name} {\n${lines.join("\n")}\n}`;
}

function argumentsText({ args }) {
  if (!args?.length) return "";
  return `(${args.map((argument) => `${argument.name}: ${typeName(argument.type)}`).join(", ")})`;
}

function typeName({ kind, name, ofType }) {
  if (kind === "NON_NULL") return `${typeName(ofType)}!`;
  return kind === "LIST" ? `[${typeName(ofType)}]` : name;
}

function parsed(id) {
  const text = at(id).value.trim();
  if (!text) return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${id}: ${error.message}`);
  }
}

function show(body) {
  at("result").textContent = JSON.stringify(body, null, 2);
}
