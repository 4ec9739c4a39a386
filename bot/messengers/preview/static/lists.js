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
