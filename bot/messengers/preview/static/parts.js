// What a conversation is drawn of: boxes for its screens, arrows between them, and signs beside a screen for what
// is no arrow: what leads to an end, to another conversation, to the same screen, or to one that many others lead to.

import { grouped } from "./lists.js";

const BOX = { width: 196, height: 72 };
const SIGN = { width: 136, line: 14, between: 5, letters: 20 };
const WORDS = { width: 190, line: 15, letter: 6.4 };
const MANY = 4;
const NEAREST = 2;

/** Choices that lead from one screen to one other are one way, with a line of words each. */
export function ways(edges) {
  const found = new Map();
  for (const { source, target, label, when, holds } of edges) {
    const id = `${source} to ${target}`;
    const words = when ? `${label} (${when})` : label;
    const one = found.get(id);
    found.set(id, one
      ? { ...one, words: [...one.words, words], labels: [...one.labels, label], when: one.when && when, holds: one.holds || holds }
      : { id, source, target, words: [words], labels: [label], when, holds });
  }
  return [...found.values()];
}

/** Everything there is to draw, each part with its size. */
export function partsOf(nodes, edges) {
  const states = nodes.filter((node) => node.kind === "state");
  const known = new Map(nodes.map((node) => [node.id, node]));
  const all = ways(edges);
  const drawn = near(states, all);
  return {
    boxes: states.map((state) => box(state)),
    signs: all.filter((way) => !drawn.has(way)).map((way) => sign(way, known.get(way.target))),
    arrows: [...drawn].map(({ id, source, target, words, when }) => (
      { group: "edges", data: { id, source, target, label: words.join("\n") }, classes: when ? "when" : "", room: room(words) }
    )),
  };
}

/** About how much room the words on an arrow take: for each choice a line, or more. */
function room(words) {
  const wide = words.map((each) => each.length * WORDS.letter);
  const lines = wide.reduce((sum, each) => sum + Math.ceil(each / WORDS.width), 0);
  return { width: Math.min(WORDS.width, Math.max(...wide)), height: lines * WORDS.line };
}

/** The ways that are drawn as arrows: all between two screens, but of many to one screen only those from nearby. */
function near(states, all) {
  const at = new Map(states.map(({ id }, number) => [id, number]));
  const far = ({ source, target }) => Math.abs(at.get(source) - at.get(target));
  const to = grouped(all, (way) => way.target);
  const drawn = new Set();
  for (const { id } of states) {
    const coming = (to.get(id) ?? []).filter(({ source }) => source !== id).sort((one, other) => far(one) - far(other));
    for (const way of coming.length > MANY ? coming.slice(0, NEAREST) : coming) drawn.add(way);
  }
  return drawn;
}

function box({ id, title, marks }) {
  const classes = ["box", ...marks.map((mark) => mark.replace(/ .*/, ""))].join(" ");
  return { group: "nodes", data: { id, leads: id, label: `${id}\n${title}`, ...BOX }, classes };
}

function sign({ id, source, target, labels, when }, { kind, title }) {
  const to = kind === "state" ? target : title.replace(".md", "");
  const label = `${labels.join(" / ")}\n→ ${to}`;
  const lines = label.split("\n").reduce((sum, line) => sum + Math.ceil(line.length / SIGN.letters), 0);
  const data = { id: `${id}:`, of: source, leads: target, label, width: SIGN.width, height: lines * SIGN.line + 8 };
  return { group: "nodes", data, classes: `sign ${kind} ${when ? "when" : ""}` };
}

/** The room each screen takes with its signs, which stand in a column to its right. */
export function cellsOf({ boxes, signs }) {
  const columns = grouped(signs.map(({ data }) => data), (data) => data.of);
  return boxes.map(({ data }) => {
    const column = columns.get(data.id) ?? [];
    const tall = column.reduce((sum, { height }) => sum + height + SIGN.between, -SIGN.between);
    const right = data.width / 2 + (column.length ? SIGN.between + SIGN.width : 0);
    return { id: data.id, left: data.width / 2, right, box: data.height, height: Math.max(data.height, tall), column };
  });
}

/** Where the middle of each sign stands, beside a screen that stands at `x` and `y`. */
export function besides({ right, box, column }, { x, y }) {
  let top = y - box / 2;
  return column.map(({ id, height }) => {
    const spot = { id, x: x + right - SIGN.width / 2, y: top + height / 2 };
    top += height + SIGN.between;
    return spot;
  });
}
