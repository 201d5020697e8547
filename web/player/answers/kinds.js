/** How each type of question is answered: a function of (question, response, changed) that returns an element. */

import { multiple, single } from "./choice.js";
import { matrix } from "./matrix.js";
import { numeric } from "./numeric.js";
import { order } from "./order.js";
import { essay, text } from "./text.js";

/** `changed(response or null, problem)` is called as the student edits. */
export const ANSWERS = {
  SINGLE_CHOICE: single,
  MULTIPLE_CHOICE: multiple,
  NUMERIC: numeric,
  TEXT: text,
  MATRIX_MATCH: matrix,
  ORDER: order,
  ESSAY: essay,
};
