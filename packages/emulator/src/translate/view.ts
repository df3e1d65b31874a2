import { refusal, StatementError } from "../errors.ts"
import { parse } from "../parse/statement.ts"
import type { Table } from "../store/table.ts"
import type { Context, Translated } from "./context.ts"

/** The query of a view, with the columns that the view had when it was made. */
export function translateView(view: Table, context: Context): Translated {
  const name = `${view.database}.${view.name}`
  if (context.views.includes(name)) throw refusal(1462, name)
  const { text = "", database } = view.view ?? {}
  const { sql, columns } = translateText(text, name, { ...context, database })
  const places = view.columns.map(column => columns.findIndex(found => found.name === column.name))
  if (places.includes(-1)) throw refusal(1356, name)
  const cells = places.map((place, index) => `c${place + 1} AS c${index + 1}`)
  return {
    sql: `SELECT ${cells.join(", ")} FROM (${sql}) AS ${context.alias()}`,
    columns: places.flatMap(place => columns[place] ?? []),
  }
}

function translateText(sql: string, name: string, context: Context): Translated {
  const statement = parse(sql, 0)
  if (statement.kind !== "select") throw refusal(1356, name)
  const within: Context = {
    ...context,
    sql,
    values: [],
    views: [...context.views, name],
    // Who may read the view may read it all.
    checkAccess: () => {},
  }
  try {
    return context.query(statement.query, within)
  } catch (error) {
    // A table or a column of it is gone.
    const code = error instanceof StatementError ? error.engine?.code : undefined
    throw code === 1146 || code === 1054 || code === 1049 ? refusal(1356, name) : error
  }
}
