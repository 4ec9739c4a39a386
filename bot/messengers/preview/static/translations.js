// Every message of the present state, in English and in the language chosen.

import { byId, el, fill } from "./dom.js";

const STANDING = { missing: ["missing", "bad"], fuzzy: ["draft (fuzzy)", "unsure"] };

export function showTranslations(view) {
  const panel = byId("translations");
  if (!view.translations) return fill(panel, el("p", {}, "No conversation is open."));
  const language = view.languages.find((each) => each.code === view.language);
  if (view.language === "en") {
    const note = "This is English, the language in which it is written. Choose another at the top to see both.";
    return fill(panel, el("p", {}, note), table(["", "English"], view.translations.map((row) => [kind(row), el("td", {}, row.english)])));
  }
  const direction = view.phone?.direction ?? "ltr";
  const rows = view.translations.map((row) => {
    return [kind(row), el("td", {}, row.english), said(row, view.language, direction)];
  });
  const missing = view.translations.filter((row) => row.standing !== "there").length;
  const sum = missing ? `${missing} of ${rows.length} are missing here.` : "All of this screen is translated.";
  const name = el("span", { lang: view.language }, language?.name ?? view.language);
  fill(panel, el("p", {}, sum), table(["", "English", name], rows, direction));
}

const kind = (row) => el("td", { class: "soft small" }, row.kind);

function said(row, lang, dir) {
  const [word, look] = STANDING[row.standing] ?? [];
  const mark = word ? el("span", { class: `mark ${look}` }, word) : null;
  return el("td", {}, mark, row.said ? el("div", { lang, dir }, row.said) : null);
}

function table(heads, rows, dir) {
  const head = el("tr", {}, heads.map((text) => (text ? el("th", { scope: "col", dir: text.lang ? dir : null }, text) : el("td"))));
  return el("table", {}, el("thead", {}, head), el("tbody", {}, rows.map((cells) => el("tr", {}, cells))));
}
