// The Markdown of the conversation, with the lines of the present state lit.

import { byId, el, fill } from "./dom.js";
import { whenShown } from "./tabs.js";

let text = null;
let rows = [];
let lit = [];
let sought = 0;

const place = el("p", {});
const list = el("ol", { class: "lines" });
const box = el("div", { class: "scrolls", tabindex: "0", role: "region", "aria-label": "The text of the conversation" }, list);
fill(byId("source"), el("div", { class: "head" }, place), box);

export function showSource(view) {
  if (!view.where) {
    text = null;
    rows = [];
    place.textContent = "No conversation is open.";
    return fill(list);
  }
  if (view.source !== text) {
    text = view.source;
    rows = text.split("\n").map((line) => el("li", {}, el("code", {}, line)));
    fill(list, rows);
  }
  const { file, line, last } = view.where;
  const where = line ? `${file}:${line}` : file;
  const saved = " is what was saved. It cannot be shown yet: the phone shows the version before.";
  fill(place, el("code", {}, where), view.broken ? saved : " is where this screen is written.");
  for (const row of lit) row.classList.remove("lit", "wrong");
  lit = line ? rows.slice(line - 1, last) : [];
  for (const row of lit) row.classList.add("lit");
  for (const found of view.diagnostics) {
    const row = found.file === file ? rows[found.line - 1] : undefined;
    if (row) {
      row.classList.add("wrong");
      lit.push(row);
    }
  }
  if (line) sought = line;
  reveal();
}

/** Bring a line into the middle of the box, without moving the page. */
export function seek(line) {
  sought = line;
  reveal();
}

function reveal() {
  const row = rows[sought - 1];
  if (row && !byId("source").hidden) box.scrollTop = row.offsetTop - box.offsetTop - box.clientHeight / 3;
}

whenShown("source", reveal);
