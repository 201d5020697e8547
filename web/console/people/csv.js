/** Comma-separated values (RFC 4180), tabs and semicolons too: what a spreadsheet saves, or puts on the clipboard. */

/** Return the rows of a text; a quoted value may hold separators, doubled quotes and line ends. Empty rows are left out. */
export function parse(text) {
  const separator = separatorOf(text);
  const rows = [];
  let row = [];
  let value = "";
  let quoted = false;
  const endValue = () => {
    row.push(value.trim());
    value = "";
  };
  const endRow = () => {
    endValue();
    if (row.some(Boolean)) rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') value += sign;
      else if (text[at + 1] === '"') value += text[(at += 1)];
      else quoted = false;
    } else if (sign === '"' && value.trim() === "") {
      quoted = true;
      value = "";
    } else if (sign === separator) endValue();
    else if (sign === "\n") endRow();
    else if (sign !== "\r" && sign !== "\uFEFF") value += sign;
  }
  endRow();
  return rows;
}

/** Return rows as a text; what a spreadsheet would take for a formula is written as text. */
export function written(rows) {
  return rows.map((row) => `${row.map(quote).join(",")}\r\n`).join("");
}

function quote(value) {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function separatorOf(text) {
  const first = text.split("\n", 1)[0];
  return ["\t", ";", ","].find((sign) => first.includes(sign)) ?? ",";
}
