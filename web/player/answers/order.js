/** Things put in order, by buttons that move one up or down. */

import { el, fill } from "../../shared/element.js";
import { t } from "../../shared/texts.js";
import { written } from "../../shared/written.js";

export function order(question, response, changed) {
  const byId = new Map(question.options.map((option) => [option.id, option]));
  let ids = response?.optionIds ?? question.options.map(({ id }) => id);
  const list = el("ol", { class: "order" });
  const news = el("p", { class: "hidden-text", role: "status" });
  const keep = el(
    "button",
    { type: "button", class: "quiet", on: { click: () => changed({ optionIds: ids }) } },
    t("keep-order"),
  );

  const move = (place, by) => {
    ids = moved(ids, place, by);
    show();
    list.children[place + by].querySelector(by < 0 ? ".up" : ".down").focus();
    if (document.activeElement.disabled !== false) list.children[place + by].querySelector("button:enabled").focus();
    news.textContent = t("moved-to", { place: place + by + 1 });
    changed({ optionIds: ids });
  };
  const show = () =>
    fill(
      list,
      ids.map((id, place) => item(byId.get(id), place, ids.length, move)),
    );
  show();
  return el("div", { class: "field" }, el("p", { class: "hint" }, t("order-hint")), list, news, keep);
}

function item(option, place, count, move) {
  const button = (by, sign, name) =>
    el(
      "button",
      {
        type: "button",
        class: `icon ${by < 0 ? "up" : "down"}`,
        disabled: by < 0 ? place === 0 : place === count - 1,
        "aria-label": t(name, { place: place + 1 }),
        on: { click: () => move(place, by) },
      },
      sign,
    );
  return el(
    "li",
    {},
    el("span", { class: "letter", "aria-hidden": "true" }, String(place + 1)),
    written(option),
    el("span", { class: "moves" }, button(-1, "↑", "move-up"), button(1, "↓", "move-down")),
  );
}

function moved(ids, place, by) {
  const next = [...ids];
  [next[place], next[place + by]] = [next[place + by], next[place]];
  return next;
}
