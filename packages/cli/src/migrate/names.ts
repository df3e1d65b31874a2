import { CommandError } from "../exit.ts"

/** The names of the tables of a migration. They are its only state. */
export interface Names {
  /** The table that sinks write to, before and after. */
  readonly table: string
  /** The new table while rows are copied. */
  readonly copy: string
  /** The old table after the swap. */
  readonly old: string
}

/** @throws CommandError if the names would be too long */
export function toNames(table: string): Names {
  const names = { table, copy: `${table}__new`, old: `${table}__old` }
  if (names.copy.length <= 256) return names
  throw new CommandError(
    `The name ${table} is too long: migrate adds __new and __old, and names have at most 256 characters.`,
  )
}
