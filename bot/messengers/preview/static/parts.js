// What a conversation is drawn of: boxes for its screens, arrows for its choices, and ends beside each screen.

/** Choices that lead from one screen to one other are one arrow, with a line of words each. */
export function arrows(edges) {
  const found = new Map();
  for (const { source, target, label, when, holds } of edges) {
    const id = `${source} to ${target}`;
    const words = when ? `${label} (${when})` : label;
    const one = found.get(id);
    const end = /[.:]/.test(target) ? `${id}:` : target;
    found.set(id, one
      ? { ...one, label: `${one.label}\n${words}`, when: one.when && when, holds: one.holds || holds }
      : { id, source, target: end, leads: target, label: words, when, holds });
  }
  return [...found.values()];
}

/** Everything there is to draw. Every screen has its own ends: one for all would draw lines through everything. */
export function partsOf(nodes, edges) {
  const states = nodes.filter((node) => node.kind === "state");
  const known = new Map(nodes.map((node) => [node.id, node]));
  const ways = arrows(edges);
  const ends = ways.filter(({ target, leads }) => target !== leads);
  return [
    ...states.map(({ id, kind, title, marks }) => box(id, id, `${id}\n${title}`, kind, marks)),
    ...ends.map(({ target, leads }) => box(target, leads, known.get(leads).title, known.get(leads).kind, [])),
    ...ways.map(({ when, holds: _, ...data }) => ({ group: "edges", data, classes: when ? "when" : "" })),
  ];
}

function box(id, leads, label, kind, marks) {
  const classes = [kind, ...marks.map((mark) => mark.replace(/ .*/, ""))].join(" ");
  return { group: "nodes", data: { id, leads, label }, classes };
}
