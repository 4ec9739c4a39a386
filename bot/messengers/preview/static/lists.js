// What is done with lists.

/** Things in lists, by what `key` says of each. */
export function grouped(things, key) {
  const found = new Map();
  for (const thing of things) {
    const held = found.get(key(thing));
    if (held) held.push(thing);
    else found.set(key(thing), [thing]);
  }
  return found;
}

/** The middle of numbers; `otherwise` where there are none. */
export const mean = (numbers, otherwise) => (numbers.length ? numbers.reduce((sum, each) => sum + each, 0) / numbers.length : otherwise);
