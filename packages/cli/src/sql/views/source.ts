import type { Column } from "@singlesink/core"
import { quoteName } from "@singlesink/core"
import type { Settings } from "../../settings/settings.ts"
import { toPaths } from "../path.ts"

/** The table that the views read, and the names of its columns by what they hold. */
export interface Source {
  readonly table: string
  readonly columns: readonly Column[]
  readonly id: string | undefined
  readonly time: string | undefined
  /** The name of the column that is filled from a path first, such as `properties`. */
  readonly columnOf: (path: string) => string | undefined
}

export function toSource({ table, columns }: Pick<Settings, "table" | "columns">): Source {
  const withRole = (role: Column["role"]) => columns.find(column => column.role === role)?.name
  return {
    table,
    columns,
    id: withRole("id"),
    time: withRole("time"),
    columnOf: path => columns.find(({ from }) => toPaths(from)[0] === path)?.name,
  }
}

/** `ORDER BY` for the newest row first. Of two rows with the same time the one with the greater id is newer. */
export function toNewestFirst({ id, time }: Source): string {
  const names = [time, id].flatMap(name => (name === undefined ? [] : [`${quoteName(name)} DESC`]))
  return `ORDER BY ${names.join(", ")}`
}

/** CREATE VIEW, after dropping the view of an earlier run: the server has no CREATE OR REPLACE VIEW. */
export function toViewStatements(name: string, query: string): string[] {
  return [`DROP VIEW IF EXISTS ${quoteName(name)}`, `CREATE VIEW ${quoteName(name)} AS ${query}`]
}
