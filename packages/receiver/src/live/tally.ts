/** Counts by a key, for the page. It is bounded: at the limit new keys are not counted. */
export interface Tally<Entry extends { count: number; lastAt: number }> {
  /** @param create the entry, which replaces the previous one of this key */
  add(key: string, create: (previous: Entry | undefined) => Omit<Entry, "count" | "lastAt">): void
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
      const previous = entries.get(key)
      if (previous === undefined && entries.size >= maxEntries) return
      const count = (previous?.count ?? 0) + 1
      entries.set(key, { ...create(previous), count, lastAt: Date.now() } as Entry)
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
