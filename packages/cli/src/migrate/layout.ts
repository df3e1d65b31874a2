import { type Column, quoteName } from "@singlesink/core"
import { CommandError } from "../exit.ts"
import type { Settings } from "../settings/settings.ts"
import { toCreateTable } from "../table/create.ts"
import type { FoundColumn, TableShape } from "../table/shape.ts"
import type { Names } from "./names.ts"
import type { State } from "./state.ts"

/** How rows of the old table become rows of the new one. */
export interface Layout {
  readonly createSql: string
  /** The columns that are copied, by the names of the new table. */
  readonly columns: readonly string[]
  readonly id: string
  /** Whether the old table compares ids as the new one does. */
  readonly isBinary: boolean
  /** Whether ids of the old table can be too long for the new one. */
  readonly isIdLong: boolean
  /** The column by which the table is divided into steps; undefined if it can be NULL, or there is none. */
  readonly time: string | undefined
  /** Other columns that are NOT NULL in the new table. */
  readonly required: readonly string[]
  /** The copied columns with text, by which copies of a row are compared. */
  readonly texts: readonly string[]
  /** What the user should know. */
  readonly notes: readonly string[]
}

/**
 * The new table has the columns of the settings, and every other column of the old one.
 *
 * @param source the old table
 * @throws CommandError if rows could lose values; ConfigError with every mistake in the columns
 */
export function toLayout(source: TableShape, settings: Settings, { copy, table }: Names): Layout {
  const byName = new Map(source.columns.map(column => [column.name.toLowerCase(), column]))
  const pairs = settings.columns.map(column => ({ column, found: byName.get(column.name.toLowerCase()) }))
  const id = pairs.find(({ column }) => column.role === "id")
  const time = pairs.find(({ column }) => column.role === "time" && column.required === true)
  checkColumns(pairs, table)

  const wanted = new Set(settings.columns.map(({ name }) => name.toLowerCase()))
  const extra = source.columns.filter(({ name }) => !wanted.has(name.toLowerCase()))
  const columns = pairs.map(({ column, found }) => ({
    ...column,
    // Core's key is TEXT. Longer ids of a wider column stay behind.
    type: (column.role !== "id" && found && toColumnType(column, found)) || column.type,
  }))
  // Each id is its own event, whatever its case.
  const collation = id?.found?.collation
  return {
    createSql: addColumns(toCreateTable({ table: copy, columns, deduplicate: true }), extra),
    columns: [
      ...pairs.flatMap(({ column, found }) => (found === undefined ? [] : [column.name])),
      ...extra.map(({ name }) => name),
    ],
    id: id?.column.name ?? "",
    isBinary: collation === undefined || collation === "utf8mb4_bin",
    isIdLong: id?.found !== undefined && /^(medium|long)text\b/.test(id.found.type),
    time: time?.column.name,
    required: pairs.flatMap(({ column }) =>
      column.required === true && column !== id?.column && column !== time?.column ? [column.name] : [],
    ),
    texts: pairs.flatMap(({ column, found }) =>
      found !== undefined && column !== id?.column && isText(found) ? [column.name] : [],
    ),
    notes: toNotes(pairs, extra),
  }
}

/**
 * The new table may be older than a column of the old one or of the settings.
 *
 * @throws CommandError if a column cannot be copied
 */
export function checkCopy(state: State, { columns }: Pick<Layout, "columns">, { copy, table }: Names): void {
  if (!("copy" in state)) return
  const found = new Set(state.copy.columns.map(({ name }) => name.toLowerCase()))
  const missing = columns.filter(name => !found.has(name.toLowerCase())).join(", ")
  if (missing === "") return
  throw new CommandError(
    state.kind === "swapped"
      ? `${table} has no column ${missing}, which the old table has. Add it, and run migrate again.`
      : `${copy} has no column ${missing}: the columns have changed since it was created. Drop ${copy}, and run migrate again.`,
  )
}

interface Pair {
  readonly column: Column
  readonly found: FoundColumn | undefined
}

function checkColumns(pairs: readonly Pair[], table: string): void {
  const faults = pairs.flatMap(({ column, found }) => {
    if (found === undefined)
      return column.required === true
        ? [`${table} has no column ${column.name}, which is NOT NULL in the new table.`]
        : []
    return toColumnType(column, found) === undefined
      ? [
          `${column.name} is ${found.type.toUpperCase()} in ${table}, and some values may not fit ${column.type}.`,
        ]
      : []
  })
  if (faults.length === 0) return
  throw new CommandError(`${faults.join(" ")} Pass --columns with columns that the rows fit.`)
}

/** The type of the new column; undefined if values could be lost. It is wider than that of the settings if the old one is. */
function toColumnType({ type }: Column, found: FoundColumn): Column["type"] | undefined {
  const isText = /^(var)?char\b|^(tiny|medium|long)?text\b/.test(found.type)
  const isLong = /^(medium|long)text\b/.test(found.type)
  if (type === "TEXT" && isText) return isLong ? "LONGTEXT" : "TEXT"
  return fitting[type].test(found.type) ? type : undefined
}

const fitting: Readonly<Record<Column["type"], RegExp>> = {
  TEXT: /^(?!)/,
  LONGTEXT: /^(var)?char\b|^(tiny|medium|long)?text\b/,
  "DATETIME(6)": /^(datetime|timestamp|date)\b/,
  JSON: /^json\b/,
  BIGINT: /^(tiny|small|medium)?int\b|^bigint(?!.*unsigned)/,
  DOUBLE: /^(double|real|float)\b|^(tiny|small|medium)?int\b/,
  BOOLEAN: /^(bool|boolean)\b|^tinyint(?!.*unsigned)/,
}

const isText = ({ type }: FoundColumn) => /^(var)?char\b|^(tiny|medium|long)?text\b/.test(type)

/** Adds the columns that only the old table has. They allow NULL, because events do not fill them. */
function addColumns(createSql: string, extra: readonly FoundColumn[]): string {
  const keysAt = createSql.lastIndexOf("\n  SHARD KEY (")
  const lines = extra.map(({ name, type }) => {
    // The values of an ENUM are in lower case here, as all types are.
    const kept = /^(enum|set)\b/.test(type) ? "TEXT" : type.toUpperCase()
    return `\n  ${quoteName(name)} ${kept} NULL,`
  })
  return createSql.slice(0, keysAt) + lines.join("") + createSql.slice(keysAt)
}

function toNotes(pairs: readonly Pair[], extra: readonly FoundColumn[]): string[] {
  const added = pairs.flatMap(({ column, found }) => (found === undefined ? [column.name] : []))
  const filled = extra.filter(({ isFilled }) => isFilled)
  return [
    ...(added.length > 0 ? [`New columns, NULL in the copied rows: ${added.join(", ")}.`] : []),
    ...(extra.length > 0 ? [`Columns that are carried over: ${toList(extra)}.`] : []),
    ...(filled.length > 0
      ? [
          `${toList(filled)}: the default or the computation is not carried over, and new rows have NULL there.`,
        ]
      : []),
  ]
}

const toList = (columns: readonly FoundColumn[]) => columns.map(({ name }) => name).join(", ")
