// What is wrong, where, and the page that says what to do.

import { byId, el, fill } from "./dom.js";
import { grouped } from "./lists.js";
import { seek } from "./source.js";
import { select } from "./tabs.js";

export function showMend(view) {
  const found = view.diagnostics;
  byId("tab-mend").textContent = found.length ? `To mend (${found.length})` : "To mend";
  banner(view);
  const checking = view.checking ? "Still checking what was saved." : "Nothing to mend.";
  const sum = found.length ? `${found.length} to mend.` : checking;
  const kinds = [...grouped(found, ({ code }) => code).values()].map((each) => kind(each, view));
  fill(byId("mend"), el("p", {}, sum), kinds.length ? el("ul", { class: "found" }, kinds) : null);
}

/** All of one kind, with the page that explains it once. */
function kind(found, view) {
  const [{ code, title }] = found;
  const page = el("a", { href: `/diagnostics/${code}`, target: "_blank", rel: "noopener" }, `What ${code} means`);
  const lines = [...grouped(found, ({ message }) => message).values()].map((alike) => {
    return el("li", {}, alike.flatMap((each) => [place(each, view), " "]), alike[0].message);
  });
  return el("li", {}, el("p", {}, el("strong", {}, title), page), el("ul", {}, lines));
}

function place({ file, line }, view) {
  const where = line ? `${file}:${line}` : file;
  const here = line && file === view.where?.file;
  return here ? el("button", { type: "button", onclick: () => open(line) }, where) : el("code", {}, where);
}

function open(line) {
  select("source");
  seek(line);
  byId("tab-source").focus();
}

function banner(view) {
  const said = view.broken ? "What you saved cannot be shown yet. The phone shows the last version that could. " : "";
  const now = view.broken ? `${said}${view.diagnostics.length}` : "";
  if (byId("banner").dataset.now === now) return;
  byId("banner").dataset.now = now;
  const first = view.diagnostics[0];
  const what = first ? `${first.file}${first.line ? `:${first.line}` : ""}: ${first.title}. ` : "";
  const see = el("button", { type: "button", onclick: () => look() }, "See what to mend");
  fill(byId("banner"), said ? el("p", {}, el("span", {}, said, what), see) : null);
}

function look() {
  select("mend");
  byId("tab-mend").focus();
}
