// The rows of a drawing: what stands in which, in which order, and how far from the left.
// The order is by where neighbours stand (Sugiyama, Tagawa and Toda 1981).

import { mean } from "./lists.js";

const BETWEEN = 36;
const LANE = 14;
const SWEEPS = 6;
const SETTLINGS = 8;
const STRAIGHT = 3;

/** The rows, with a lane in every row that an arrow passes; and what is joined to what in the next row. */
export function rowsOf(cells, ways, rank) {
  const rows = Array.from({ length: Math.max(0, ...rank.values()) + 1 }, () => []);
  const at = new Map();
  const add = (row, thing) => {
    rows[row].push({ ...thing, row, x: 0, above: [], below: [] });
    return rows[row].at(-1);
  };
  for (const cell of cells) at.set(cell.id, add(rank.get(cell.id), cell));
  const links = [];
  const lanes = new Map();
  const join = (above, below) => {
    above.below.push(below);
    below.above.push(above);
    links.push([above, below]);
  };
  for (const way of ways) {
    const passed = [];
    let last = at.get(way.from);
    for (let row = rank.get(way.from) + 1; row < rank.get(way.to); row += 1) {
      passed.push(add(row, { left: LANE / 2, right: LANE / 2, height: 0, lane: true }));
      join(last, passed.at(-1));
      last = passed.at(-1);
    }
    join(last, at.get(way.to));
    lanes.set(way.id, passed);
  }
  return { rows, links, lanes };
}

/** Order every row by the middle of what it is joined to, going down and up; the order with the fewest crossings stays. */
export function order(rows, links) {
  const number = () => rows.forEach((row) => row.forEach((thing, index) => { thing.index = index; }));
  number();
  let best = rows.map((row) => [...row]);
  let fewest = crossings(rows);
  for (let sweep = 0; sweep < SWEEPS && fewest && links.length; sweep += 1) {
    const down = sweep % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      for (const thing of row) thing.middle = mean((down ? thing.above : thing.below).map((each) => each.index), thing.index);
      row.sort((one, other) => one.middle - other.middle || one.index - other.index);
      row.forEach((thing, index) => { thing.index = index; });
    }
    const found = crossings(rows);
    if (found < fewest) [fewest, best] = [found, rows.map((row) => [...row])];
  }
  best.forEach((row, index) => { rows[index].splice(0, row.length, ...row); });
}

function crossings(rows) {
  let sum = 0;
  for (const row of rows) {
    const pairs = row.flatMap((thing) => thing.below.map((each) => [thing.index, each.index]));
    for (let one = 0; one < pairs.length; one += 1) {
      for (let other = one + 1; other < pairs.length; other += 1) {
        if ((pairs[one][0] - pairs[other][0]) * (pairs[one][1] - pairs[other][1]) < 0) sum += 1;
      }
    }
  }
  return sum;
}

/** How far from the left: as near to its neighbours as the others in the row let it. */
export function settle(rows, links) {
  for (const row of rows) spread(row, row.map(() => 0));
  for (let turn = 0; turn < SETTLINGS && links.length; turn += 1) {
    const down = turn % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      spread(row, row.map((thing) => mean((down ? thing.above : thing.below).map((each) => each.x), thing.x)));
    }
  }
  for (const row of rows) spread(row, row.map((thing) => mean([...thing.above, ...thing.below].map((each) => each.x), thing.x)));
}

/** Put a row where it is wanted, kept in order and apart: neighbours that would meet share the middle of their wishes. */
function spread(row, wanted) {
  const blocks = [];
  let offset = 0;
  row.forEach((thing, index) => {
    if (index) offset += row[index - 1].right + thing.left + (thing.lane || row[index - 1].lane ? LANE : BETWEEN);
    thing.offset = offset;
    const weight = thing.lane ? STRAIGHT : 1;
    blocks.push({ from: index, sum: (wanted[index] - offset) * weight, weight, size: 1 });
    while (blocks.length > 1 && blocks.at(-2).sum / blocks.at(-2).weight > blocks.at(-1).sum / blocks.at(-1).weight) {
      const { sum, weight: more, size } = blocks.pop();
      blocks.at(-1).sum += sum;
      blocks.at(-1).weight += more;
      blocks.at(-1).size += size;
    }
  });
  for (const { from, sum, weight, size } of blocks) {
    for (let index = from; index < from + size; index += 1) row[index].x = sum / weight + row[index].offset;
  }
}
