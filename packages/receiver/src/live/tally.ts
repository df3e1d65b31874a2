/** Counts by a key, for the page. It is bounded: at the limit new keys are not counted. */
export interface Tally<Entry extends { count: number; lastAt: number }> {
  add(key: string, create: () => Omit<Entry, "count" | "lastAt">): void
  /** All entries, most frequent first, if one changed since the last call. */
  takeChanged(): Entry[] | undefined
  list(): Entry[]
}

const maxEntries = 100

export function createTally<Entry extends { count: number; lastAt: number }>(): Tally<Entry> {
  const entries = new Map<string, Entry>()
  let hasChanged = false

  const list = () => [...entries.values()].sort((a, b) => b.count - a.count)

  return {
    add(key, create) {
      const { count } = entries.get(key) ?? { count: 0 }
      if (count === 0 && entries.size >= maxEntries) return
      entries.set(key, { ...create(), count: count + 1, lastAt: Date.now() } as Entry)
      hasChanged = true
    },
    takeChanged() {
      if (!hasChanged) return undefined
      hasChanged = false
      return list()
    },
    list,
  }
}
