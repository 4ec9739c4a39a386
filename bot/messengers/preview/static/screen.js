// About the present screen: what is remembered, what holds, how long it is, what it covers, who has read it.

import { byId, el, fill } from "./dom.js";

export function showScreen(view) {
  const title = el("h2", { id: "screen-title" }, view.where ? `This screen: ${view.where.state}` : "This screen");
  if (!view.where) return fill(byId("screen"), title, el("p", { class: "soft" }, "No conversation is open."));
  fill(
    byId("screen"),
    title,
    el("p", { class: "soft small" }, `In “${view.where.title}”`),
    el("h3", {}, "What is remembered"), remembered(view),
    el("h3", {}, "What depends on it here"), conditions(view.conditions),
    el("h3", {}, "How long, and how hard to read"), measures(view.measures),
    el("h3", {}, "Guidance said here"), guidance(view.guidance),
    el("h3", {}, "Who has read this conversation"), reviews(view.reviews),
  );
}

const none = (text) => el("p", { class: "soft small" }, text);
const marked = (word, look) => el("span", { class: `mark ${look}` }, word);

function remembered(view) {
  const lists = view.remembered.filter((each) => each.answers.length).map(({ of, answers }) => {
    const lines = answers.map(({ key, values, words }) => {
      const said = words?.filter(Boolean).map((word) => `“${word}”`).join(", ");
      return el("li", {}, el("code", {}, `${key}=${values.join(", ")}`), said ? ` ${said}` : "");
    });
    return [el("p", { class: "small" }, of || "Everywhere"), el("ul", {}, lines)];
  });
  const place = view.place.code ? `Place: ${view.place.name} (${view.place.code})` : "No place";
  return [...lists.flat(), el("p", { class: "small" }, `${place} · language: ${view.language}`)];
}

function conditions(found) {
  if (!found.length) return none("Nothing: everybody sees this screen alike.");
  return el("ul", {}, found.map(({ on, when, holds, terms }) => {
    const parts = terms.length > 1
      ? el("ul", {}, terms.map((term) => el("li", {}, `${term.holds ? "so" : "not so"}: ${term.words}`)))
      : null;
    return el("li", {}, marked(holds ? "shown" : "hidden", holds ? "good" : "unsure"), ` “${on}” ${when}`, parts);
  }));
}

function measures(found) {
  return el("dl", {}, found.flatMap(({ name, size, most }) => {
    const over = size > most;
    const told = [`${size} of ${most} at most`, over ? [" ", marked("too much", "bad")] : []].flat();
    return [el("dt", {}, name), el("dd", { class: over ? "bad" : "" }, told)];
  }));
}

function guidance(found) {
  if (!found.length) return none("None is marked here.");
  return el("ul", {}, found.map(({ id, about }) => el("li", {}, el("code", {}, id), ` ${about}`)));
}

function reviews(found) {
  if (!found.length) return none("Nobody has signed it in this language yet.");
  return el("ul", {}, found.map(({ role, by, on, now }) => {
    const mark = now ? marked("as it is now", "good") : marked("an older text", "unsure");
    return el("li", {}, `${by ? `${by}, ` : ""}${role}, ${on} `, mark);
  }));
}
