/** Figures in words: rounded as they are told, and a dash for what is not defined. */

import { language } from "../../shared/texts.js";

export function rounded(value, digits = 2) {
  if (value === null || value === undefined) return "–";
  return value.toLocaleString(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function percent(share) {
  return share === null || share === undefined ? "–" : `${rounded(100 * share, 0)} %`;
}

/** Return how improbable something is, as a power of ten where it is small. */
export function chance(probability) {
  if (probability === null || probability === undefined) return "–";
  if (probability >= 0.001) return rounded(probability, 3);
  return probability === 0 ? "< 10⁻³⁰⁰" : `10${superscript(Math.round(Math.log10(probability)))}`;
}

function superscript(exponent) {
  return [...String(exponent)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
}
