import { refusal, StatementError } from "../errors.ts"
import { parse } from "../parse/statement.ts"
import type { Table } from "../store/table.ts"
import type { Context, Translated } from "./context.ts"

/** Translates the query of a view, with the columns of its creation. */
export function translateView(view: Table, context: Context): Translated {
  const name = `${view.database}.${view.name}`
  if (context.views.includes(name)) throw refusal(1462, name)
  const { sql, columns } = translateText(view, name, context)
  const places = view.columns.map(column => columns.findIndex(found => found.name === column.name))
  if (places.includes(-1)) throw refusal(1356, name)
  const cells = places.map((place, index) => `c${place + 1} AS c${index + 1}`)
  return {
    sql: `SELECT ${cells.join(", ")} FROM (${sql}) AS ${context.alias()}`,
    columns: places.flatMap(place => columns[place] ?? []),
  }
}

function translateText({ view }: Table, name: string, context: Context): Translated {
  const { text: sql = "", database } = view ?? {}
  const statement = parse(sql, 0)
  if (statement.kind !== "select") throw refusal(1356, name)
  const views = [...context.views, name]
  try {
    // The privilege SELECT on the view is enough.
    return context.query(statement.query, {
      ...{ ...context, sql, database, values: [], views, checkAccess: () => {} },
    })
  } catch (error) {
    // A table or a column of the view no longer exists.
    const code = error instanceof StatementError ? error.engine?.code : undefined
    throw code === 1146 || code === 1054 || code === 1049 ? refusal(1356, name) : error
  }
}
