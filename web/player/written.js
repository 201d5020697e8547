/** What authors wrote, as it is shown. */

import { content, plain } from "../shared/content.js";
import { el } from "../shared/element.js";

/** Return an element with the text of a question, an option or a passage. */
export function written(part, tag = "div") {
  return el(tag, { class: "written" }, part.html === undefined ? plain(part.text) : content(part.html));
}
