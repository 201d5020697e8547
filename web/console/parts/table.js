/** Tables of rows: a caption for those who cannot see it, and a way on while there is more. */

import { el, fill } from "../../shared/element.js";
import { t } from "../../shared/texts.js";

/**
 * Return a table. `columns`: `{ title, of, kind }`, where `of(row)` gives the cell's content, and `kind` is `number` for what is
 * lined up at its right. The first column heads its row. `empty` is said where there are no rows.
 */
export function table({ caption, columns, rows, empty = t("nothing-here") }) {
  if (rows.length === 0) return el("p", { class: "empty soft" }, empty);
  const kinds = columns.map(({ kind = "" }) => kind);
  return el("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": caption },
    el("table", {}, el("caption", { class: "hidden-text" }, caption),
      el("thead", {}, el("tr", {}, columns.map(({ title }, place) => el("th", { scope: "col", class: kinds[place] }, title)))),
      el("tbody", {}, rows.map((row) => line(columns, kinds, row)))));
}

function line(columns, kinds, row) {
  return el("tr", {}, columns.map(({ of }, place) => {
    const given = place === 0 ? { scope: "row", class: kinds[place] } : { class: kinds[place] };
    return el(place === 0 ? "th" : "td", given, of(row));
  }));
}

/**
 * Return a list that is read page by page: `read(after)` gives a connection, `show(nodes)` an element with all that were read.
 * Throws what the first reading throws.
 */
export async function paged(read, show) {
  const nodes = [];
  const box = el("div", { class: "paged" });
  const more = async (after) => {
    const { edges, pageInfo } = await read(after);
    nodes.push(...edges.map(({ node }) => node));
    const button = el("button", { type: "button", on: { click: () => press(button, pageInfo.endCursor) } }, t("more"));
    fill(box, show(nodes), pageInfo.hasNextPage ? el("div", { class: "more" }, button) : null);
  };
  const press = async (button, after) => {
    button.disabled = true;
    await more(after).catch(() => { button.disabled = false; });
  };
  await more(null);
  return box;
}

/** Read a whole list: `read(after)` gives a connection. */
export async function every(read) {
  const nodes = [];
  let after = null;
  do {
    const { edges, pageInfo } = await read(after);
    nodes.push(...edges.map(({ node }) => node));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after);
  return nodes;
}
