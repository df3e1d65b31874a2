const step = /(?:`((?:[^`]|``)+)`|([^.`]+))(\.|$)/y

/** The keys of a column's path (`$` has none), or undefined where it is not a path. */
export function toKeys(path: string): string[] | undefined {
  if (path === "$") return []
  const keys: string[] = []
  step.lastIndex = 0
  for (;;) {
    const match = step.exec(path)
    if (match === null) return undefined
    keys.push(match[1]?.replaceAll("``", "`") ?? match[2] ?? "")
    if (match[3] === "") return keys
  }
}

/** A function that reads the first of some paths that holds a value; null counts as no value. */
export function createReader(paths: readonly string[]): (event: object) => unknown {
  const [first, ...others] = paths.map(path => createPathReader(toKeys(path) ?? []))
  if (first === undefined) return () => undefined
  if (others.length === 0) return first
  return event => {
    const value = first(event)
    if (value !== undefined && value !== null) return value
    for (const read of others) {
      const other = read(event)
      if (other !== undefined && other !== null) return other
    }
    return value
  }
}

function createPathReader(keys: string[]): (event: object) => unknown {
  const [key] = keys
  if (key !== undefined && keys.length === 1) return event => (event as Record<string, unknown>)[key]
  return event => {
    let value: unknown = event
    for (const key of keys) {
      if (typeof value !== "object" || value === null) return undefined
      value = (value as Record<string, unknown>)[key]
    }
    return value
  }
}
