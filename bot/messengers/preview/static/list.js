// The screens of a conversation as a list, which says in words what the drawing shows.

import { el, fill } from "./dom.js";

let words = "";

/** The list is made anew only where its words changed, so that whoever is in it stays there. */
export function showList(list, { nodes, edges } = { nodes: [], edges: [] }, here = "") {
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
  return el("li", { "data-state": id }, el("button", { type: "button" }, id), ` ${said}`, told, el("ul", {}, ways));
}
