// Tabs: arrow keys go from one to the next, as in any list of tabs.

import { byId } from "./dom.js";

const list = byId("tabs");
const tabs = [...list.querySelectorAll("[role=tab]")];
const shown = new Map();

const panel = (tab) => byId(tab.getAttribute("aria-controls"));

/** Have `then` called whenever the panel comes to be seen. */
export const whenShown = (id, then) => shown.set(id, then);

export function select(id) {
  for (const tab of tabs) {
    const chosen = panel(tab).id === id;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    panel(tab).hidden = !chosen;
  }
  shown.get(id)?.();
}

list.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) select(panel(tab).id);
});
list.addEventListener("keydown", (event) => {
  const at = tabs.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  const tab = tabs[(to + tabs.length) % tabs.length];
  tab.focus();
  select(panel(tab).id);
});
select("drawing");
