/** The login: roll number and password, or an access code. */

import { el } from "./element.js";
import { Refused, Unreachable } from "./graphql.js";
import { institutionIsFixed, institutionOfAddress } from "./institution.js";
import { t } from "./texts.js";

const KEPT = "tp-institution";

/** Return the login; `session` begins when it succeeds. */
export function loginScreen({ client, session }) {
  const error = el("p", { class: "error", role: "alert" });
  const institution = institutionOfAddress() || localStorage.getItem(KEPT) || "";
  const fields = [
    institutionIsFixed() ? null : field("tenant", t("institution"), { autocomplete: "organization", value: institution, autocapitalize: "none", spellcheck: "false", required: true }),
    field("login", t("roll-number"), { autocomplete: "username", autocapitalize: "none", spellcheck: "false" }),
    field("password", t("password"), { type: "password", autocomplete: "current-password" }, t("or-code")),
  ];
  const submit = el("button", { type: "submit", class: "primary" }, t("log-in"));
  const form = el("form", { class: "card login" }, el("h1", {}, t("login-title")), el("p", { class: "soft" }, t("login-lead")),
    session.expired ? el("p", { class: "notice warn" }, t("session-expired")) : null, fields, error, submit);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    submit.disabled = true;
    try {
      const payload = await logIn(client, new FormData(form), institution);
      if (payload.userErrors.length) throw new Refused(payload.userErrors[0].code, payload.userErrors[0].message);
      localStorage.setItem(KEPT, payload.viewer.tenant);
      session.begin(payload.token, payload.viewer);
    } catch (caught) {
      error.textContent = told(caught);
      submit.disabled = false;
      form.querySelector('[name="login"]').focus();
    }
  });
  return el("main", { class: "page narrow" }, form);
}

/** Log in by what was typed: without a roll number, or when the password is refused, it is taken for an access code. */
async function logIn(client, typed, institution) {
  const tenant = (typed.get("tenant") ?? institution).trim().toLowerCase();
  const login = typed.get("login").trim();
  const secret = typed.get("password");
  const code = secret.trim();
  if (!login) return client.change("Login", { tenant, accessCode: code });
  const payload = await client.change("Login", { tenant, login, password: secret });
  const isRefused = payload.userErrors.some((problem) => problem.code === "BAD_CREDENTIALS");
  return isRefused && code ? client.change("Login", { tenant, login, accessCode: code }) : payload;
}

function told(error) {
  if (error instanceof Unreachable) return t("unreachable");
  if (!(error instanceof Refused)) throw error;
  const key = `login-${error.code}`;
  return t(key) === key ? error.message : t(key);
}

function field(name, label, attributes, hint = null) {
  const id = `login-${name}`;
  const described = hint ? `${id}-hint` : null;
  return el("div", { class: "field" }, el("label", { for: id }, label), el("input", { id, name, "aria-describedby": described, ...attributes }),
    hint ? el("p", { class: "hint", id: described }, hint) : null);
}
