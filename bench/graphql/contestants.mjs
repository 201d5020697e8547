// Those who are measured in JavaScript: the same protocol as contestants.py has.
// Given a file with {sdl, attempts, questions: [{name, text, variables}], saved}.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { buildSchema, execute, parse, validate } from "graphql";
import { compileQuery } from "graphql-jit";

const ROUND_MS = 100;
const { sdl, attempts, questions, saved } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const schema = buildSchema(sdl);
const query = schema.getQueryType().getFields();
query.attempt.resolve = (root) => root[0];
query.attempts.resolve = (root, { first }) => root.slice(0, first);
schema.getMutationType().getFields().saveResponses.resolve = () => saved;

function contestants({ text, variables }) {
  const document = parse(text);
  const compiled = compileQuery(schema, document);
  const executed = (document) =>
    JSON.stringify(execute({ schema, document, rootValue: attempts, variableValues: variables }));
  return {
    "graphql-js": () => {
      const document = parse(text);
      if (validate(schema, document).length) throw new Error("not valid");
      return executed(document);
    },
    "graphql-js, parsed before": () => executed(document),
    "graphql-jit, compiled before": () => JSON.stringify(compiled.query(attempts, {}, variables)),
  };
}

// CPU time of all threads of the process.
function milliseconds(operation, count) {
  const began = process.cpuUsage();
  for (let done = 0; done < count; done++) operation();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

function warmed(operation) {
  let count = 50;
  while (milliseconds(operation, count) < ROUND_MS) count *= 2;
  return { operation, count };
}

const all = {};
const answers = {};
for (const question of questions) {
  all[question.name] = {};
  for (const [name, operation] of Object.entries(contestants(question))) {
    (answers[name] ??= {})[question.name] = JSON.parse(operation());
    all[question.name][name] = operation;
  }
}
console.log(JSON.stringify(answers));

for await (const name of createInterface({ input: process.stdin })) {
  const figures = {};
  for (const [contestant, operation] of Object.entries(all[name])) {
    const timed = typeof operation === "function" ? warmed(operation) : operation;
    all[name][contestant] = timed;
    figures[contestant] = milliseconds(timed.operation, timed.count) / timed.count;
  }
  console.log(JSON.stringify(figures));
}
