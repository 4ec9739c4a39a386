// The row at the top: which conversation, in which language, where, and as whom.

import { byId, el, fill, options } from "./dom.js";
import { act, places } from "./wire.js";

const ROLES = {
  survivor: "Somebody harmed",
  helper: "Somebody who helps",
  facilitator: "Somebody who leads talks",
  called_out: "Somebody called out",
  under_18: "Somebody under 18",
  unsaid: "Not said",
};

let offered = [];

const named = (place) => (place.code ? `${place.name} (${place.code})` : "");

export function showControls(view) {
  if (!view.flows) return;
  options(byId("flow"), view.flows.map((flow) => [flow.id, flow.title]), view.where?.flow ?? "");
  const languages = view.languages.map(({ code, name, missing }) => {
    return [code, missing ? `${name} (${missing} not whole)` : name];
  });
  options(byId("language"), languages, view.language);
  const roles = view.role ? [] : [["", "Not asked yet"]];
  options(byId("role"), [...roles, ...view.roles.map((role) => [role, ROLES[role] ?? role])], view.role);
  byId("able").checked = view.able;
  if (document.activeElement !== byId("place")) byId("place").value = named(view.place);
  if (!offered.length) offer(view.places);
}

function offer(found) {
  offered = found;
  fill(byId("places"), found.map((place) => el("option", { value: named(place) })));
}

async function move() {
  const field = byId("place");
  const text = field.value.trim();
  if (!text) return act("place", { code: "" });
  const wanted = text.toLowerCase();
  const same = (place) => [named(place), place.name, place.code].some((each) => each.toLowerCase() === wanted);
  let found = offered.find(same);
  if (!found) {
    offer(await places(text));
    found = offered.find(same) ?? (offered.length === 1 ? offered[0] : undefined);
  }
  if (found) {
    field.value = named(found);
    return act("place", { code: found.code });
  }
  const names = offered.map((place) => place.name).join(", ");
  byId("status").textContent = names ? `Which place: ${names}?` : "No such place is known.";
}

byId("controls").addEventListener("submit", (event) => {
  event.preventDefault();
  move();
});
byId("flow").addEventListener("change", (event) => act("jump", { flow: event.target.value, state: "" }));
byId("language").addEventListener("change", (event) => act("language", { code: event.target.value }));
byId("role").addEventListener("change", (event) => act("role", { role: event.target.value }));
byId("able").addEventListener("change", (event) => act("able", { able: event.target.checked ? "yes" : "no" }));
byId("place").addEventListener("change", move);
byId("place").addEventListener("input", async (event) => {
  const text = event.target.value;
  const found = await places(text);
  if (event.target.value === text) offer(found);
});
