/** People from the rows of a table with a head: `login, name, externalId, groups, roles, password`. */

import { t } from "../../shared/texts.js";

const NAMES = {
  login: ["login", "roll", "rollnumber", "rollno", "username", "user"],
  name: ["name", "fullname", "student", "studentname"],
  externalId: ["externalid", "id", "admissionno", "enrolment", "enrollment"],
  groups: ["groups", "group", "class", "batch", "section"],
  roles: ["roles", "role"],
  password: ["password"],
};
const ROLES = new Set(["STUDENT", "TEACHER", "INVIGILATOR", "ADMIN"]);

/** Return `people` as `createUsers` takes them, and `mistakes` by row, the head being row 1. */
export function peopleOf(rows, group, codes) {
  const [head = [], ...body] = rows;
  const places = placesOf(head);
  if (places.login === undefined || places.name === undefined) return { people: [], mistakes: [{ row: 1, text: t("head-missing") }] };
  const mistakes = [];
  const seen = new Map();
  const people = body.map((row, at) => {
    const person = personOf(row, places, group, codes);
    const number = at + 2;
    for (const text of wrong(person, seen.get(person.login))) mistakes.push({ row: number, text });
    seen.set(person.login, number);
    return person;
  });
  return { people, mistakes };
}

function placesOf(head) {
  const said = head.map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ""));
  const found = Object.entries(NAMES).map(([name, spellings]) => [name, said.findIndex((each) => spellings.includes(each))]);
  return Object.fromEntries(found.filter(([, place]) => place >= 0));
}

function personOf(row, places, group, codes) {
  const of = (name) => (places[name] === undefined ? "" : (row[places[name]] ?? ""));
  const list = (text) => text.split(/[;|]/).map((each) => each.trim()).filter(Boolean);
  const roles = list(of("roles")).map((role) => role.toUpperCase());
  const person = { login: of("login"), name: of("name"), groups: [...new Set([...list(of("groups")), ...(group ? [group] : [])])], roles: roles.length ? roles : ["STUDENT"] };
  if (of("externalId")) person.externalId = of("externalId");
  if (of("password")) person.password = of("password");
  return { ...person, accessCode: codes && !person.password };
}

function* wrong({ login, name, roles }, before) {
  if (!login) yield t("login-missing");
  if (!name) yield t("name-missing");
  if (login && before) yield t("login-twice", { row: before });
  for (const role of roles) if (!ROLES.has(role)) yield t("role-unknown", { role });
}
