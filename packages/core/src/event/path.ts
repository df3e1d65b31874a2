const step = /(?:`((?:[^`]|``)+)`|([^.`[\]]+))(\.|$)/y

/** The keys of a column's path (`$` has none); undefined if it is not a valid path. */
export function toKeys(path: string): string[] | undefined {
  if (path === "$") return []
  const keys: string[] = []
  step.lastIndex = 0
  for (;;) {
    const match = step.exec(path)
    if (match === null) return undefined
    // Paths of other notations start with a $, which would be a key that no event has.
    if (match[2] === "$") return undefined
    keys.push(match[1]?.replaceAll("``", "`") ?? match[2] ?? "")
    if (match[3] === "") return keys
  }
}

/** Reads the first of several paths that has a value; null counts as none. `key` is set for one path with one key. */
export function createReader(paths: readonly string[]): {
  key: string | undefined
  read(event: object): unknown
} {
  const keys = paths.map(path => toKeys(path) ?? [])
  const [first, ...others] = keys.map(createPathReader)
  if (first === undefined) return { key: undefined, read: () => undefined }
  if (others.length === 0) return { key: keys[0]?.length === 1 ? keys[0][0] : undefined, read: first }
  return {
    key: undefined,
    read(event) {
      const value = first(event)
      if (value !== undefined && value !== null) return value
      for (const read of others) {
        const other = read(event)
        if (other !== undefined && other !== null) return other
      }
      return value
    },
  }
}

function createPathReader(keys: string[]): (event: object) => unknown {
  return event => {
    let value: unknown = event
    for (const key of keys) {
      if (typeof value !== "object" || value === null) return undefined
      value = (value as Record<string, unknown>)[key]
    }
    return value
  }
}
