// Where everything stands in a drawing: the layout library places screens with their signs, and leads arrows around them.

import { Graph, layout } from "./vendor/dagre.esm.js";

const HOW = { rankdir: "TB", rankalign: "top", ranker: "tight-tree", nodesep: 36, edgesep: 14, ranksep: 46 };
const STRAIGHT = 12;

/**
 * Place `cells`, a list of { id, left, right, box, height }: how far each reaches from the middle of its screen, how high
 * the screen itself is, and how high with what stands beside it; and route `arrows`, a list of
 * { id, source, target, width, height } between two screens, with the room its words take, in pixels like all else here.
 * Gives the middle of every screen by id, and by arrow the points it goes through; its words stand at the middle one.
 */
export function place(cells, arrows) {
  const graph = new Graph({ multigraph: true }).setGraph(HOW);
  for (const { id, left, right, height } of cells) graph.setNode(id, { width: left + right, height });
  for (const { id, source, target, width, height } of arrows) graph.setEdge(source, target, { width, height, labelpos: "c" }, id);
  layout(graph);
  const at = {};
  const bottoms = new Map();
  for (const { id, left, box, height } of cells) {
    const { x, y, width, rank } = graph.node(id);
    const top = y - height / 2;
    at[id] = { x: x - width / 2 + left, y: top + box / 2 };
    bottoms.set(rank, Math.max(top + height, bottoms.get(rank) ?? top));
  }
  // Straight out and straight in: slanting, an arrow would cut what is higher beside the screen it leaves.
  const past = (above, points, below) => {
    const [out, into] = [bottoms.get(above.rank) + STRAIGHT, below.y - below.height / 2 - STRAIGHT];
    return [{ x: above.x, y: out }, ...points.slice(1, -1), { x: below.x, y: into }];
  };
  const bends = arrows.map(({ id, source, target }) => {
    const { points } = graph.edge(source, target, id);
    const [from, to] = [graph.node(source), graph.node(target)];
    return [id, from.rank < to.rank ? past(from, points, to) : past(to, points.reverse(), from).reverse()];
  });
  return { at, bends: Object.fromEntries(bends) };
}
