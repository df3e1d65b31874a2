const step = /(?:`((?:[^`]|``)+)`|([^.`]+))(?:\.|$)/gy

/** The keys of a column's path, which core has checked. `$`, the whole event, has none. */
export function toKeys(path: string): string[] {
  if (path === "$") return []
  return [...path.matchAll(step)].map(([, quoted, plain]) => quoted?.replaceAll("``", "`") ?? plain ?? "")
}

/** The paths of a column. The first one that has a value counts. */
export function toPaths(from: string | readonly string[]): readonly string[] {
  return typeof from === "string" ? [from] : from
}
