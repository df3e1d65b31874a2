/** The column and the table that an error of the engine is about. */
export interface Named {
  column: string | undefined
  table: string | undefined
}

/** The names in the statement of a request body: what is in back quotes there. Values are not in the statement. */
export function toNames(body: string = "", database: string): Set<string> {
  const statement = body.slice(0, body.indexOf('","database":'))
  const names = [...statement.matchAll(/`((?:[^`]|``)+)`/g)].map(([, name = ""]) =>
    name.replaceAll("``", "`"),
  )
  return new Set([database, ...names, ...names.map(name => `${database}.${name}`)])
}

/** What an error text names. Only names of the statement count, because a value can look like part of a sentence. */
export function findNamed(text: string, names: ReadonlySet<string>, database: string): Named {
  const find = (kind: string) =>
    [...text.matchAll(new RegExp(`\\b(?:${kind}) '([^']+)'`, "gi"))]
      .map(([, name = ""]) => name)
      .filter(name => names.has(name))
      .at(-1)
  const table = find("table")
  const prefix = `${database}.`
  return {
    column: find("column|field"),
    table: table?.startsWith(prefix) ? table.slice(prefix.length) : table,
  }
}
