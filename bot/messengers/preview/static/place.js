// Where everything stands in a drawing: screens in rows from the top, so that arrows lead down and go around screens.

import { grouped } from "./lists.js";
import { order, rowsOf, settle } from "./rows.js";

const LINE = 15;
const GAP = 46;

/**
 * Place `cells`, a list of { id, left, right, box, height }: how far each reaches from the middle of its screen, how high
 * the screen itself is, and how high with what stands beside it; and route `arrows`, a list of { id, source, target, lines }, `lines` of words standing on each.
 * Gives the middle of every screen by id, and by arrow the points it goes through; of straight ones there are none.
 */
export function place(cells, arrows) {
  const ways = downward(cells, arrows.filter(({ source, target }) => source !== target));
  const rank = ranks(cells, ways);
  const { rows, links, lanes } = rowsOf(cells, ways, rank);
  order(rows, links);
  settle(rows, links);
  return { ...heights(rows, ways), ...paths(ways, lanes, rows) };
}

/** Every arrow with the end that stands higher as `from`: those that lead back are turned round. */
function downward(cells, arrows) {
  const out = grouped(arrows, (arrow) => arrow.source);
  const state = new Map();
  const up = new Set();
  for (const { id: root } of cells) {
    if (state.has(root)) continue;
    const stack = [[root, 0]];
    state.set(root, "open");
    while (stack.length) {
      const top = stack.at(-1);
      const arrow = (out.get(top[0]) ?? [])[top[1]++];
      if (!arrow) state.set(stack.pop()[0], "done");
      else if (state.get(arrow.target) === "open") up.add(arrow);
      else if (!state.has(arrow.target)) {
        state.set(arrow.target, "open");
        stack.push([arrow.target, 0]);
      }
    }
  }
  return arrows.map((arrow) => {
    const [from, to] = up.has(arrow) ? [arrow.target, arrow.source] : [arrow.source, arrow.target];
    return { ...arrow, from, to };
  });
}

/** In which row each screen stands: one below the lowest that leads to it. */
function ranks(cells, ways) {
  const out = grouped(ways, (way) => way.from);
  const waiting = new Map(cells.map(({ id }) => [id, 0]));
  for (const { to } of ways) waiting.set(to, waiting.get(to) + 1);
  const rank = new Map(cells.map(({ id }) => [id, 0]));
  const free = cells.filter(({ id }) => !waiting.get(id)).map(({ id }) => id);
  for (const id of free) {
    for (const { to } of out.get(id) ?? []) {
      rank.set(to, Math.max(rank.get(to), rank.get(id) + 1));
      waiting.set(to, waiting.get(to) - 1);
      if (!waiting.get(to)) free.push(to);
    }
  }
  return rank;
}

/** How far from the top, with room between two rows for the words on the arrows between them. */
function heights(rows, ways) {
  const at = {};
  const words = grouped(ways, (way) => way.from);
  let top = 0;
  for (const row of rows) {
    const height = Math.max(0, ...row.map((thing) => thing.height));
    for (const thing of row) {
      thing.top = top;
      thing.bottom = top + height;
      if (!thing.lane) at[thing.id] = { x: thing.x, y: top + thing.box / 2 };
    }
    const lines = row.flatMap((thing) => (words.get(thing.id) ?? []).map((way) => way.lines));
    top += height + GAP + LINE * Math.max(1, ...lines);
  }
  return { at };
}

/** The points through which arrows go that pass a row, or what stands lower beside the screen they leave. */
function paths(ways, lanes, rows) {
  const cells = new Map(rows.flat().map((thing) => [thing.id, thing]));
  const bends = {};
  for (const { id, from, source } of ways) {
    const begin = cells.get(from);
    const points = lanes.get(id).flatMap((lane) => [{ x: lane.x, y: lane.top }, { x: lane.x, y: lane.bottom }]);
    if (begin.bottom - begin.top > begin.box + LINE) points.unshift({ x: begin.x, y: begin.bottom });
    bends[id] = from === source ? points : points.reverse();
  }
  return { bends };
}
