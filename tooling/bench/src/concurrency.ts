/** Does the work for each item once, in order, with at most `inFlight` items at a time. */
export async function runConcurrently<Item>(
  items: readonly Item[],
  inFlight: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  let next = 0
  async function runNext(): Promise<void> {
    while (next < items.length) await work(items[next++] as Item)
  }
  await Promise.all(Array.from({ length: inFlight }, runNext))
}
