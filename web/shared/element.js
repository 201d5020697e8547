/** Elements written as calls: `el("p", { class: "lead" }, "Some ", el("strong", {}, "text"))`. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return an HTML element. In `given`, `on` maps events to listeners, `data` fills the data set, names that are properties of
 * the element with values other than text are set as such, all else becomes an attribute; `null` and `false` are left out.
 */
export function el(tag, given = {}, ...children) {
  return filled(document.createElement(tag), given, children);
}

/** Return an SVG element, in the same manner. */
export function svg(tag, given = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), given, children);
}

/** Put other children into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

function filled(element, given, children) {
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "value" || (typeof value !== "string" && name in element && typeof value !== "number"))
      element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...present(children));
  return element;
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}
