/** Rows matched with columns: any number of columns a row. */

import { el } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { written } from "../../shared/written.js";

export function matrix(question, response, changed) {
  const chosen = new Map(question.rows.map(({ id }) => [id, new Set()]));
  for (const { rowId, columnIds } of response?.matrix ?? []) chosen.set(rowId, new Set(columnIds));
  const tell = () => {
    const matched = [...chosen]
      .filter(([, columns]) => columns.size)
      .map(([rowId, columns]) => ({ rowId, columnIds: [...columns] }));
    changed(matched.length ? { matrix: matched } : null);
  };
  const cell = (row, column) => {
    const choose = (event) => {
      if (event.target.checked) chosen.get(row.id).add(column.id);
      else chosen.get(row.id).delete(column.id);
      tell();
    };
    const labels = `row-${row.id} column-${column.id}`;
    const box = el("input", {
      type: "checkbox",
      checked: chosen.get(row.id).has(column.id),
      "aria-labelledby": labels,
      on: { change: choose },
    });
    return el("td", {}, el("label", { class: "cell" }, box));
  };
  const heads = question.columns.map((column) =>
    el("th", { scope: "col", id: `column-${column.id}` }, written(column)),
  );
  const rows = question.rows.map((row) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", id: `row-${row.id}` }, written(row)),
      question.columns.map((column) => cell(row, column)),
    ),
  );
  return el(
    "div",
    { class: "scrolls", role: "region", "aria-label": t("match"), tabindex: "0" },
    el(
      "table",
      { class: "matrix" },
      el("caption", {}, t("match")),
      el("thead", {}, el("tr", {}, el("td", {}), heads)),
      el("tbody", {}, rows),
    ),
  );
}
