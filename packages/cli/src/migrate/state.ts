import { quoteName } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { checkCollation, checkSortKey, checkUniqueKey } from "../check/keys.ts"
import { CommandError } from "../exit.ts"
import type { Settings } from "../settings/settings.ts"
import { readShape, type TableShape } from "../table/shape.ts"
import type { Names } from "./names.ts"

/**
 * How far a migration is. It is derived from the tables that exist, so a migration continues on any machine:
 *
 * | state | table | __new | __old |
 * | --- | --- | --- | --- |
 * | complete | with key | | |
 * | not started | without key | | |
 * | copying | without key | with key | |
 * | renaming | | with key | exists |
 * | swapped | with key | | exists |
 */
export type State =
  | { readonly kind: "complete" }
  | { readonly kind: "not started"; readonly source: TableShape }
  | { readonly kind: "copying"; readonly source: TableShape; readonly copy: TableShape }
  | { readonly kind: "renaming" | "swapped"; readonly source: TableShape; readonly copy: TableShape }

/** @throws CommandError for tables that are not those of a migration; SinkError of a request */
export async function readState(api: DataApi, names: Names, { columns }: Settings): Promise<State> {
  const table = await readShape(api, names.table)
  const copy = await readShape(api, names.copy)
  const old = await readShape(api, names.old)
  const isKeyed = (shape: TableShape) => checkUniqueKey(shape, { columns, deduplicate: true }).status === "ok"

  const view = Object.entries({ [names.table]: table, [names.copy]: copy, [names.old]: old }).find(
    ([, { kind }]) => kind === "view",
  )
  if (view !== undefined)
    throw new CommandError(`${view[0]} is a view. migrate needs a table, and the names ${list(names)}.`)
  if (copy.kind === "table" && !isKeyed(copy))
    throw new CommandError(
      `${names.copy} exists and has no unique key, so migrate has not created it. Rename or drop it.`,
    )
  if (table.kind === "missing") return toStateWithout(table, copy, old, names, api.database)

  if (old.kind === "table") {
    if (copy.kind === "table") throw toRecreated(names)
    if (isKeyed(table)) return { kind: "swapped", source: old, copy: table }
    throw new CommandError(`${names.old} exists, and the rename needs its name. Rename or drop it.`)
  }
  if (isAsWanted(table, columns)) {
    if (copy.kind === "missing") return { kind: "complete" }
    throw new CommandError(
      `${names.table} has a unique key already, and ${names.copy} exists too. Rename or drop ${names.copy}.`,
    )
  }
  return copy.kind === "table"
    ? { kind: "copying", source: table, copy }
    : { kind: "not started", source: table }
}

function toStateWithout(
  table: TableShape,
  copy: TableShape,
  old: TableShape,
  names: Names,
  database: string,
): State {
  if (old.kind === "table" && copy.kind === "table") return { kind: "renaming", source: old, copy }
  const left = old.kind === "table" ? names.old : copy.kind === "table" ? names.copy : undefined
  if (left !== undefined)
    throw new CommandError(
      `The database ${database} has ${left}, but neither ${names.table} nor the other table of a migration. To rename it back: ALTER TABLE ${quoteName(left)} RENAME TO ${quoteName(names.table)}`,
    )
  const [namesake] = table.namesakes
  const hint = namesake === undefined ? "" : ` There is ${namesake}: the names of tables are case-sensitive.`
  throw new CommandError(
    `The database ${database} has no table ${names.table}, or the user may not see it.${hint} Correct --table.`,
  )
}

/** Whether a copy of the table would have the same keys. */
function isAsWanted(shape: TableShape, columns: Settings["columns"]): boolean {
  const settings = { columns, deduplicate: true }
  return (
    !shape.isRowstore &&
    checkUniqueKey(shape, settings).status === "ok" &&
    checkSortKey(shape, settings).status !== "warning" &&
    checkCollation(shape, settings).status !== "warning"
  )
}

/** Something created the table while it was renamed away. Its rows must not be lost. */
function toRecreated({ table, copy, old }: Names): CommandError {
  const away = `${table}__between`
  return new CommandError(
    `${table}, ${copy} and ${old} exist: ${table} was created again between the two renames. Run ALTER TABLE ${quoteName(table)} RENAME TO ${quoteName(away)}, then migrate again, and copy the rows of ${away} with INSERT IGNORE.`,
  )
}

const list = ({ table, copy, old }: Names) => `${table}, ${copy} and ${old}`
