// The phone: one message, what can be chosen, and a field to type in.

import { byId, el, fill } from "./dom.js";
import { act } from "./wire.js";

let spot = "";
let typing = false;

function span({ text, bold, link, copied }) {
  if (link) return el("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, text);
  if (bold) return el("strong", {}, text);
  return copied ? el("span", { class: "copied" }, text) : text;
}

function passage({ kind, spans }) {
  const said = el("p", { class: kind }, spans.map(span));
  return kind === "copy" ? el("div", { class: "card" }, said, copier(said)) : said;
}

function copier(said) {
  const button = el("button", { type: "button", lang: "en" }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(said.textContent);
    button.textContent = "Copied";
  });
  return button;
}

function choice({ press, label, typed, ticked, key }) {
  const mark = ticked === null ? [] : [el("span", { "aria-hidden": "true" }, ticked ? "☑" : "☐")];
  const number = el("b", {}, /^\d+$/.test(typed) ? typed : "–");
  const given = { type: "button", "data-key": key.replace(/^[+-]/, "±") };
  if (ticked !== null) given["aria-pressed"] = String(ticked);
  return el("button", { ...given, onclick: () => act("press", { button: press }) }, number, mark, el("span", {}, label));
}

function fixed({ press, label, key }) {
  return el("button", { type: "button", "data-key": key, onclick: () => act("press", { button: press }) }, label);
}

/** Show the screen. Focus stays where it was; where that is gone, it goes to the new message, which is then read. */
export function showPhone(view) {
  const page = view.phone;
  const focused = document.activeElement;
  const inside = byId("choices").contains(focused) || byId("fixed").contains(focused) || byId("chat").contains(focused);
  const held = inside ? focused.dataset.key : undefined;
  const device = document.querySelector(".device");
  device.lang = page?.language ?? "en";
  device.dir = page?.direction ?? "ltr";
  byId("type").hidden = !page && !view.flows;
  if (!page) return away(view, inside);
  fill(byId("chat"), page.passages.map(passage));
  fill(byId("choices"), page.buttons.map(choice));
  fill(byId("fixed"), page.fixed.map(fixed));
  byId("prompt").textContent = page.prompt;
  byId("after").textContent = "";
  const here = JSON.stringify([view.where?.flow, view.where?.state]);
  const same = here === spot ? document.querySelector(`.device [data-key="${CSS.escape(held ?? "")}"]`) : null;
  if (same) same.focus();
  else if (inside) byId("chat").focus();
  else announce(byId("chat").textContent);
  spot = here;
}

/** What leaving leaves behind. */
function away(view, inside) {
  spot = "";
  fill(byId("chat"), view.left ? el("p", {}, view.left) : null);
  fill(byId("choices"));
  fill(byId("fixed"));
  byId("prompt").textContent = "Type here";
  if (!view.flows) return fill(byId("after"), "There is nothing to show until the texts are mended.");
  const again = el("button", { type: "button", onclick: () => act("say", { text: "/start" }) }, "Begin again");
  const said = view.left ? "Left: one dull line stays." : "Left: the chat is empty.";
  fill(byId("after"), el("span", {}, said), " ", again);
  if (inside) again.focus();
  announce(said);
}

/** Say what is new, once, to whoever listens and is not on the message already. */
function announce(text) {
  if (byId("announced").textContent !== text) byId("announced").textContent = text;
}

byId("type").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = byId("typed").value;
  if (!text.trim() || typing) return;
  typing = true;
  byId("typed").value = "";
  await act("say", { text }).finally(() => {
    typing = false;
  });
});
