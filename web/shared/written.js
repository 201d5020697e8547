/** What authors wrote, as it is shown. */

import { content } from "./content.js";
import { el } from "./element.js";

/** Return an element with the text of a question, an option or a passage. */
export function written(part, tag = "div") {
  return el(tag, { class: "written" }, content(part.html));
}
