// The conversation as a drawing, and as a list that says the same to whoever does not see it.

import { byId, el, fill } from "./dom.js";
import { showList } from "./list.js";
import { look } from "./look.js";
import { cellsOf, partsOf, ways } from "./parts.js";
import { place } from "./place.js";
import { bent, edgesOf, placed } from "./spots.js";
import { whenShown } from "./tabs.js";
import cytoscape from "./vendor/cytoscape.esm.min.mjs";
import { act } from "./wire.js";

cytoscape.warnings(false);

const READABLE = 1;
const MARGIN = 20;
const FAR = 0.5;
const night = matchMedia("(prefers-color-scheme: dark)");

let drawn = "";
let shape = "";
let soon = 0;
let wanted = null;
let here = "";
let far = false;
let edges = { left: 0, right: 0, top: 0, bottom: 0 };

const title = el("p", { class: "soft" });
const graph = el("div", { id: "graph", role: "img", "aria-label": "The conversation as a drawing. The list after it says the same." });
const tool = (label, name, onclick) => el("button", { type: "button", "aria-label": name, onclick }, label);
const tools = el(
  "div",
  { class: "tools", role: "group", "aria-label": "The drawing" },
  tool("−", "Smaller", () => zoom(0.75)),
  tool("+", "Larger", () => zoom(1.33)),
  tool("Whole drawing", null, () => cy.fit(undefined, MARGIN)),
  tool("This screen", null, () => {
    cy.zoom(Math.max(cy.zoom(), READABLE));
    centre();
  }),
);
const list = el("ul", { class: "states", onclick: (event) => go(event.target.closest("button")?.textContent ?? ":") });
fill(byId("drawing"), el("div", { class: "head" }, title, tools), graph, el("h2", { class: "unseen" }, "The screens as a list"), list);

// The wheel goes on down the page, as it does everywhere else on it; with Ctrl it makes the drawing smaller or larger.
graph.addEventListener("wheel", (event) => { if (!event.ctrlKey) event.stopImmediatePropagation(); }, { capture: true });
const cy = cytoscape({
  container: graph, style: look(), boxSelectionEnabled: false, autoungrabify: true, autounselectify: true, maxZoom: 2, minZoom: 0.05,
});
// It remembers where on the page it stands; what is above it may have moved it since.
graph.addEventListener("pointerdown", () => cy.resize(), { capture: true });
cy.on("tap", "node", (event) => go(event.target.data("leads")));
cy.on("zoom", () => fromAfar());
night.addEventListener("change", () => cy.style(look()));

export function showDrawing(view) {
  wanted = view.where ? view : null;
  title.textContent = view.where ? `${view.where.title}: choose a screen to go there.` : "No conversation is open.";
  graph.hidden = tools.hidden = !wanted;
  if (!wanted) {
    drawn = "";
    clearTimeout(soon);
    cy.elements().remove();
    return showList(list);
  }
  here = view.where.state;
  // After the words: a long conversation takes a while, and nobody shall wait for what they saved.
  clearTimeout(soon);
  soon = setTimeout(() => {
    draw();
    showList(list, view.drawing, here);
  });
}

/** Draw what is wanted. Only where screens or arrows came or went are they placed anew: other words change nothing. */
function draw() {
  if (!wanted || byId("drawing").hidden) return;
  cy.resize();
  const { name, nodes, edges: choices } = wanted.drawing;
  const same = name.split(" ")[0] === drawn.split(" ")[0];
  const fresh = name !== drawn && lay(nodes, choices, same);
  cy.batch(() => {
    cy.elements(".here, .out, .closed").removeClass("here out closed");
    cy.getElementById(here).addClass("here").outgoers("edge").addClass("out");
    cy.nodes(".sign").filter((each) => each.data("of") === here).addClass("out");
    for (const { id, holds } of ways(choices)) if (!holds) either(id).addClass("closed");
  });
  if (fresh || !seen()) centre();
  drawn = name;
  document.documentElement.dataset.drawn = name;
}

/** A way is an arrow or a sign. */
const either = (id) => cy.getElementById(id).union(cy.getElementById(`${id}:`));

/** Whether everything had to be placed. */
function lay(nodes, choices, again) {
  const parts = partsOf(nodes, choices);
  const every = [...parts.boxes, ...parts.signs, ...parts.arrows];
  const now = JSON.stringify(every.map(({ data, classes, room }) => [data.id, data.height, classes, room]));
  if (again && now === shape) {
    cy.batch(() => every.forEach(({ data }) => cy.getElementById(data.id).data(data)));
    return false;
  }
  shape = now;
  const before = cy.zoom();
  const cells = cellsOf(parts);
  const { at, bends } = place(cells, parts.arrows.map(({ data, room }) => ({ ...data, ...room })));
  edges = edgesOf(cells, at, bends);
  cy.batch(() => {
    cy.elements().remove();
    cy.add([...placed(parts, cells, at), ...parts.arrows.map((arrow) => bent(arrow, at, bends))]);
  });
  cy.zoom(again ? before : READABLE);
  fromAfar(true);
  return true;
}

/** From afar only names can be read, and only thick lines can be seen. */
function fromAfar(again = false) {
  const now = cy.zoom() < FAR;
  if (now === far && !again) return;
  far = now;
  cy.batch(() => cy.elements(".box, edge").toggleClass("far", far));
}

const seen = () => {
  const box = cy.getElementById(here).renderedBoundingBox();
  return box.x1 >= 0 && box.y1 >= 0 && box.x2 <= cy.width() && box.y2 <= cy.height();
};
/** Where the middle of a screen stands in the box of the drawing, in pixels. */
export const spotOf = (id) => cy.getElementById(id).renderedPosition();

/** The present screen in the middle, or as near to it as the edge of the drawing lets it: emptiness shows nothing. */
function centre() {
  cy.center(cy.getElementById(here));
  const [pan, scale] = [cy.pan(), cy.zoom()];
  const nudge = (low, high, size) => {
    if (high - low <= size - 2 * MARGIN) return (size - low - high) / 2;
    if (low > MARGIN) return MARGIN - low;
    return high < size - MARGIN ? size - MARGIN - high : 0;
  };
  cy.panBy({
    x: nudge(edges.left * scale + pan.x, edges.right * scale + pan.x, cy.width()),
    y: nudge(edges.top * scale + pan.y, edges.bottom * scale + pan.y, cy.height()),
  });
}
const zoom = (by) => cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });

function go(id) {
  const [, flow, state] = /^([a-z0-9_]+)\.md(?:#(.+))?$/.exec(id) ?? [];
  if (flow) act("jump", { flow, state: state ?? "" });
  else if (!id.endsWith(":")) act("jump", { flow: wanted.where.flow, state: id });
}

whenShown("drawing", () => {
  cy.resize();
  draw();
});
