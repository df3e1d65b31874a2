/** The column and the table that an error of the engine is about. */
export interface Named {
  column: string | undefined
  table: string | undefined
}

/**
 * The names in the statement of a request body: what stands in back quotes. Values are not in the statement.
 *
 * @see createInsert in @singlesink/core
 */
export function toNames(body: string | undefined, database: string): Set<string> {
  const statement = /^\{"sql":"((?:[^"\\]|\\.)*)"/.exec(body ?? "")?.[1] ?? ""
  const names = new Set([database])
  for (const [, quoted = ""] of statement.matchAll(/`((?:[^`]|``)+)`/g)) {
    const name = toText(quoted).replaceAll("``", "`")
    names.add(name).add(`${database}.${name}`)
  }
  return names
}

/** The contents of a JSON string. */
function toText(json: string): string {
  try {
    return JSON.parse(`"${json}"`)
  } catch {
    return json
  }
}

const columnPatterns = [/\bcolumn '([^']+)'/gi, /\bfield '([^']+)'/gi]
const tablePatterns = [/\btable '([^']+)'/gi]

/** What an error text names. Only names of the statement count, because a value can look like part of a sentence. */
export function findNamed(text: string, names: ReadonlySet<string>, database: string): Named {
  const find = (patterns: readonly RegExp[]) =>
    patterns
      .flatMap(pattern => [...text.matchAll(pattern)].map(([, name = ""]) => name))
      .filter(name => names.has(name))
      .at(-1)
  const table = find(tablePatterns)
  const prefix = `${database}.`
  return {
    column: find(columnPatterns),
    table: table?.startsWith(prefix) ? table.slice(prefix.length) : table,
  }
}
