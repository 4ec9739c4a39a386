// The conversation as a drawing, and as a list that says the same to whoever does not see it.

import { byId, el, fill } from "./dom.js";
import { look } from "./look.js";
import { arrows, partsOf } from "./parts.js";
import { whenShown } from "./tabs.js";
import cytoscape from "./vendor/cytoscape.esm.min.mjs";
import dagre from "./vendor/cytoscape-dagre.min.mjs";
import { act } from "./wire.js";

cytoscape.use(dagre);
cytoscape.warnings(false);

const READABLE = 1;
const LAYOUT = { name: "dagre", rankDir: "TB", nodeSep: 24, edgeSep: 12, rankSep: 76, ranker: "tight-tree", animate: false, fit: false };
const MANY = 6;
const NEAREST = 2;
const night = matchMedia("(prefers-color-scheme: dark)");

let drawn = "";
let words = "";
let shape = "";
let soon = 0;
let wanted = null;
let here = "";

const title = el("p", { class: "soft" });
const graph = el("div", { id: "graph", role: "img", "aria-label": "The conversation as a drawing. The list after it says the same." });
const tool = (label, name, onclick) => el("button", { type: "button", "aria-label": name, onclick }, label);
const tools = el(
  "div",
  { class: "tools", role: "group", "aria-label": "The drawing" },
  tool("−", "Smaller", () => zoom(0.75)),
  tool("+", "Larger", () => zoom(1.33)),
  tool("Whole drawing", null, () => cy.fit(undefined, 20)),
  tool("This screen", null, () => centre()),
);
const list = el("ul", { class: "states" });
fill(byId("drawing"), el("div", { class: "head" }, title, tools), graph, el("h2", { class: "unseen" }, "The screens as a list"), list);

const cy = cytoscape({ container: graph, style: look(), boxSelectionEnabled: false, autoungrabify: true, autounselectify: true, maxZoom: 2, minZoom: 0.05 });
// It remembers where on the page it stands; what is above it may have moved it since.
graph.addEventListener("pointerdown", () => cy.resize(), { capture: true });
cy.on("tap", "node", (event) => go(event.target.data("leads")));
night.addEventListener("change", () => cy.style(look()));

export function showDrawing(view) {
  wanted = view.where ? view : null;
  title.textContent = view.where ? `${view.where.title}: choose a screen to go there.` : "No conversation is open.";
  graph.hidden = tools.hidden = !wanted;
  if (!wanted) {
    drawn = "";
    words = "";
    clearTimeout(soon);
    cy.elements().remove();
    return fill(list);
  }
  here = view.where.state;
  // After the words: a long conversation takes a while, and nobody shall wait for what they saved.
  clearTimeout(soon);
  soon = setTimeout(() => {
    draw();
    twin(view);
  });
}

/** Draw what is wanted. Only where screens or arrows came or went are they laid out anew: other words change nothing. */
function draw() {
  if (!wanted || byId("drawing").hidden) return;
  cy.resize();
  const { name, nodes, edges } = wanted.drawing;
  const same = name.split(" ")[0] === drawn.split(" ")[0];
  const fresh = name !== drawn && lay(nodes, edges, same);
  cy.batch(() => {
    cy.elements(".here, .out, .closed").removeClass("here out closed");
    cy.getElementById(here).addClass("here").outgoers("edge").addClass("out");
    for (const { id, holds } of arrows(edges)) if (!holds) cy.getElementById(id).addClass("closed");
  });
  if (fresh || !seen()) centre();
  drawn = name;
  document.documentElement.dataset.drawn = name;
}

/** Whether it had to be laid out. */
function lay(nodes, edges, again) {
  const parts = partsOf(nodes, edges);
  const now = JSON.stringify(parts.map(({ data, classes }) => [data.id, classes]));
  if (again && now === shape) {
    cy.batch(() => parts.forEach(({ data }) => cy.getElementById(data.id).data(data)));
    return false;
  }
  shape = now;
  const before = cy.zoom();
  cy.batch(() => {
    cy.elements().remove();
    cy.add(parts);
  });
  cy.nodes().union(telling(nodes)).layout(LAYOUT).run();
  cy.zoom(again ? before : READABLE);
  return true;
}

/**
 * The arrows that say where things stand. Where many lead to one screen, such as the last, only the nearest count:
 * the others would take a minute to be drawn around everything between.
 */
function telling(nodes) {
  const at = new Map(nodes.map(({ id }, number) => [id, number]));
  const distance = (edge) => Math.abs((at.get(edge.source().id()) ?? 0) - (at.get(edge.target().id()) ?? 0));
  return cy.nodes().reduce((held, node) => {
    const incoming = node.incomers("edge").sort((one, other) => distance(one) - distance(other));
    return held.union(incoming.length > MANY ? incoming.slice(0, NEAREST) : incoming);
  }, cy.collection());
}

const seen = () => {
  const box = cy.getElementById(here).renderedBoundingBox();
  return box.x1 >= 0 && box.y1 >= 0 && box.x2 <= cy.width() && box.y2 <= cy.height();
};
/** Where the middle of a screen stands in the box of the drawing, in pixels. */
export const spotOf = (id) => cy.getElementById(id).renderedPosition();

const centre = () => cy.center(cy.getElementById(here));
const zoom = (by) => cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });

function go(id) {
  const [, flow, state] = /^([a-z0-9_]+)\.md(?:#(.+))?$/.exec(id) ?? [];
  if (flow) act("jump", { flow, state: state ?? "" });
  else if (!id.endsWith(":")) act("jump", { flow: wanted.where.flow, state: id });
}

/** The list is made anew only where its words changed, so that whoever is in it stays there. */
function twin({ drawing: { nodes, edges } }) {
  const now = JSON.stringify([nodes, edges]);
  if (now !== words) {
    words = now;
    fill(list, nodes.filter((node) => node.kind === "state").map((node) => item(node, edges)));
  }
  for (const row of list.children) {
    const present = row.dataset.state === here;
    row.classList.toggle("here", present);
    if (present) row.firstChild.setAttribute("aria-current", "step");
    else row.firstChild.removeAttribute("aria-current");
  }
}

function item({ id, title: said, marks }, edges) {
  const told = marks.length ? el("span", { class: "soft small" }, ` (${marks.join(", ")})`) : null;
  const ways = edges.filter((edge) => edge.source === id).map(({ target, label, when, remember, holds }) => {
    const extra = [when, remember.length ? `remembers ${remember.join(", ")}` : ""].filter(Boolean).join("; ");
    const words = el("span", { class: holds ? "" : "not" }, `“${label}”`);
    return el("li", {}, words, ` → ${target}`, extra ? el("span", { class: "soft" }, ` (${extra}${holds ? "" : "; not now"})`) : null);
  });
  return el("li", { "data-state": id }, el("button", { type: "button", onclick: () => go(id) }, id), ` ${said}`, told, el("ul", {}, ways));
}

whenShown("drawing", () => {
  cy.resize();
  draw();
});
