/** What a student has done in an attempt, folded from events by the rules of the server's log. */

export const STATES = [
  "NOT_VISITED",
  "NOT_ANSWERED",
  "ANSWERED",
  "MARKED_FOR_REVIEW",
  "ANSWERED_AND_MARKED_FOR_REVIEW",
];

const MARKED = new Set(["MARKED_FOR_REVIEW", "ANSWERED_AND_MARKED_FOR_REVIEW"]);

export class Sitting {
  /** `responses`, `palette` and `current` as the server tells them. */
  constructor({ responses, palette, current }) {
    this.responses = new Map(responses.map(({ questionId, ...said }) => [questionId, given(said)]));
    this.visited = new Set(palette.filter(({ state }) => state !== "NOT_VISITED").map(({ questionId }) => questionId));
    this.marked = new Set(palette.filter(({ state }) => MARKED.has(state)).map(({ questionId }) => questionId));
    this.current = current;
  }

  apply({ type, questionId, response }) {
    if (!questionId) return;
    this.visited.add(questionId);
    if (type === "VISIT") this.current = questionId;
    else if (type === "ANSWER") this.responses.set(questionId, response);
    else if (type === "CLEAR") this.responses.delete(questionId);
    else if (type === "MARK") this.marked.add(questionId);
    else if (type === "UNMARK") this.marked.delete(questionId);
  }

  /** Return the colour of a question's button. */
  state(questionId) {
    const marked = this.marked.has(questionId);
    if (this.responses.has(questionId)) return marked ? "ANSWERED_AND_MARKED_FOR_REVIEW" : "ANSWERED";
    if (marked) return "MARKED_FOR_REVIEW";
    return this.visited.has(questionId) ? "NOT_ANSWERED" : "NOT_VISITED";
  }

  /** Return how many of some questions are in each state. */
  counts(questions) {
    const counts = Object.fromEntries(STATES.map((state) => [state, 0]));
    for (const { id } of questions) counts[this.state(id)] += 1;
    return counts;
  }
}

/** Return a response with the one field that is set. */
function given({ optionIds, text, matrix }) {
  if (optionIds) return { optionIds };
  return matrix ? { matrix } : { text };
}

/** Tell whether two responses say the same; the order counts where the question asks for one. */
export function same(one, other, ordered) {
  return canonical(one, ordered) === canonical(other, ordered);
}

function canonical(response, ordered) {
  if (!response) return "";
  if (response.optionIds) return JSON.stringify(ordered ? response.optionIds : [...response.optionIds].sort());
  if (response.text !== undefined) return response.text;
  return JSON.stringify(response.matrix.map(({ rowId, columnIds }) => [rowId, [...columnIds].sort()]).sort());
}
