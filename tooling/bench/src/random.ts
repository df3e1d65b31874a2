/** Random numbers that are the same in every run (mulberry32). */
export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  /** True in this share of the calls. */
  chance(share: number): boolean
  pick<Item>(items: readonly [Item, ...Item[]]): Item
  hex(digits: number): string
}

export function createRandom(seed: number): Random {
  let state = seed
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    below,
    chance: share => next() < share,
    pick: items => items[below(items.length)] ?? items[0],
    hex: digits => Array.from({ length: digits }, () => below(16).toString(16)).join(""),
  }
}
