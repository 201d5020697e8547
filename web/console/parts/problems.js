/** What went wrong, said to whoever can mend it. */

import { el } from "../../shared/element.js";
import { Refused, Unreachable } from "../../shared/graphql.js";
import { t } from "../../shared/texts.js";

/** Return user errors as a notice; `placed` turns a path into words, `kind` is `warn` for what stops nothing. Nothing for none. */
export function problems(errors, placed = () => "", kind = "bad") {
  if (errors.length === 0) return null;
  return el("div", { class: `notice ${kind}`, role: "alert" }, el("ul", { class: "problems" }, errors.map((error) => {
    const place = placed(error.path ?? []);
    return el("li", {}, place ? el("strong", {}, `${place}: `) : null, error.message);
  })));
}

/** Return an exception of the client as text; anything else is a defect, and thrown on. */
export function told(error) {
  if (error instanceof Unreachable) return t("unreachable");
  if (error instanceof Refused) return error.code === "FORBIDDEN" ? t("forbidden") : error.message;
  throw error;
}

/** Return it as a notice. */
export function failure(error) {
  return el("div", { class: "notice bad", role: "alert" }, told(error));
}
