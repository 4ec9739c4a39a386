// Where things stand, as the drawing library wants to be told.

import { besides } from "./parts.js";

/** Boxes and signs, each with its place. */
export function placed({ boxes, signs }, cells, at) {
  const spots = new Map(cells.flatMap((cell) => besides(cell, at[cell.id])).map(({ id, x, y }) => [id, { x, y }]));
  return [
    ...boxes.map((box) => ({ ...box, position: at[box.data.id] })),
    ...signs.map((sign) => ({ ...sign, position: spots.get(sign.data.id) })),
  ];
}

/** How far everything reaches. */
export function edgesOf(cells, at, bends) {
  const most = (of) => Math.max(...cells.map(of));
  const ways = Object.values(bends).flat().map(({ x }) => x);
  return {
    left: Math.min(-most((cell) => cell.left - at[cell.id].x), ...ways),
    right: Math.max(most((cell) => cell.right + at[cell.id].x), ...ways),
    top: -most((cell) => cell.box / 2 - at[cell.id].y), bottom: most((cell) => cell.height - cell.box / 2 + at[cell.id].y),
  };
}

/** An arrow with the points it goes through, as the drawing library wants them: how far along it, and how far beside. */
export function bent({ lines: _, ...arrow }, at, bends) {
  const points = bends[arrow.data.id] ?? [];
  const [from, to] = [at[arrow.data.source], at[arrow.data.target]];
  const way = `${arrow.classes} ${from.y < to.y ? "down" : "up"}`;
  if (!points.length) return { ...arrow, classes: way };
  const [x, y] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(x, y) || 1;
  const along = points.map((point) => ((point.x - from.x) * x + (point.y - from.y) * y) / length ** 2);
  const beside = points.map((point) => ((point.y - from.y) * x - (point.x - from.x) * y) / length);
  return { ...arrow, data: { ...arrow.data, along: along.join(" "), beside: beside.join(" ") }, classes: `${way} bent` };
}
