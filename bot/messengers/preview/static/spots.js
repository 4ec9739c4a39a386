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
export function bent({ room: _, ...arrow }, at, bends) {
  const points = bends[arrow.data.id];
  const [from, to] = [at[arrow.data.source], at[arrow.data.target]];
  const [x, y] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(x, y);
  const along = points.map((point) => ((point.x - from.x) * x + (point.y - from.y) * y) / length ** 2).join(" ");
  const beside = points.map((point) => ((point.y - from.y) * x - (point.x - from.x) * y) / length).join(" ");
  const [leave, enter] = [edge(points[0], from), edge(points.at(-1), to)];
  return { ...arrow, data: { ...arrow.data, along, beside, leave, enter } };
}

/** Where an arrow meets the edge of a screen: straight below or above its last point. */
const edge = (point, middle) => `${point.x - middle.x}px ${point.y < middle.y ? "-50%" : "50%"}`;
