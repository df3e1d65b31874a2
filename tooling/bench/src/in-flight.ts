/** Does the work for each item once, in order, with so many under way at a time. */
export async function workThrough<Item>(
  items: readonly Item[],
  inFlight: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  let next = 0
  async function workInTurn(): Promise<void> {
    while (next < items.length) await work(items[next++] as Item)
  }
  await Promise.all(Array.from({ length: inFlight }, workInTurn))
}
