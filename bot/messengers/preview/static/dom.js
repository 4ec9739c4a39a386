// Making elements. Text is always text: nothing here reads markup.

/** An element with attributes, listeners (`onclick`) and children; null and false children are left out. */
export function el(name, given = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== false && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Put `children` in place of what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(Boolean));
}

/** Set the options of a select, keeping those there where they are the same. */
export function options(select, pairs, chosen) {
  const now = JSON.stringify(pairs);
  if (select.dataset.now !== now) {
    select.dataset.now = now;
    fill(select, pairs.map(([value, text]) => el("option", { value }, text)));
  }
  select.value = chosen;
}
