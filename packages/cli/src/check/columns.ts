import { type Column, quoteName } from "@singlesink/core"
import type { Settings } from "../settings/settings.ts"
import type { FoundColumn, TableShape } from "../table/shape.ts"
import { type Finding, failed, ok, warning } from "./finding.ts"

/** Compares the columns of the table with those of the sink. */
export function checkColumns(
  { columns: found }: TableShape,
  { table, columns }: Pick<Settings, "table" | "columns">,
): Finding {
  const byName = new Map(found.map(column => [column.name.toLowerCase(), column]))
  const findOne = ({ name }: Column) => byName.get(name.toLowerCase())
  const missing = columns.filter(column => findOne(column) === undefined)
  const pairs = columns.flatMap(column => {
    const match = findOne(column)
    return match === undefined ? [] : [{ column, match }]
  })
  const faults = [
    ...toMissing(missing),
    ...pairs.filter(({ column, match }) => fitOf(column, match) === "no").map(toWrongType),
    ...pairs
      .filter(({ column, match }) => column.required !== true && !match.isNullable)
      .map(({ column }) => `${column.name} is NOT NULL, and events without a value are refused`),
    ...toUnfilled(found, columns),
  ]
  const sql = missing.length === 0 ? [] : [toAddColumns(table, missing)]
  if (faults.length > 0) return failed(`${faults.join(". ")}.${missing.length > 0 ? " Run:" : ""}`, sql)

  const narrow = pairs.filter(({ column, match }) => fitOf(column, match) === "narrow")
  if (narrow.length > 0) {
    const list = narrow.map(toWrongType).join(", ")
    return warning(`${list}: some values do not fit, and their events are rejected or lose precision.`)
  }
  return ok(`All ${columns.length} columns are there, and their types fit.`)
}

/** What the database sees of a type. `fits` holds every value, `narrow` most of them. */
const types: Readonly<Record<Column["type"], { fits: RegExp; narrow: RegExp }>> = {
  TEXT: { fits: /^(text|mediumtext|longtext)\b/, narrow: /^(var)?char\b|^tinytext\b/ },
  LONGTEXT: { fits: /^longtext\b/, narrow: /text\b|^(var)?char\b/ },
  "DATETIME(6)": { fits: /^datetime\(6\)/, narrow: /^(datetime|timestamp)\b/ },
  JSON: { fits: /^json\b/, narrow: /^(?!)/ },
  BIGINT: { fits: /^bigint(?!.*unsigned)/, narrow: /int\b|^int/ },
  DOUBLE: { fits: /^(double|real)\b/, narrow: /^(float|decimal)\b/ },
  BOOLEAN: { fits: /^(bool|boolean|tinyint|smallint|mediumint|int|bigint)\b/, narrow: /^bit\b/ },
}

interface Pair {
  readonly column: Column
  readonly match: FoundColumn
}

function fitOf({ type }: Column, match: FoundColumn): "yes" | "narrow" | "no" {
  const { fits, narrow } = types[type]
  if (fits.test(match.type)) return "yes"
  return narrow.test(match.type) ? "narrow" : "no"
}

const toWrongType = ({ column, match }: Pair) =>
  `${column.name} is ${match.type.toUpperCase()} instead of ${column.type}`

function toMissing(missing: readonly Column[]): string[] {
  if (missing.length === 0) return []
  const names = missing.map(({ name }) => name).join(", ")
  const key = missing.find(({ role }) => role === "id")
  const hint = key === undefined ? "" : `. ${key.name} is the key, which only a new table can have`
  return [`The table has no column ${names}${hint}`]
}

function toUnfilled(found: readonly FoundColumn[], columns: readonly Column[]): string[] {
  const sent = new Set(columns.map(({ name }) => name.toLowerCase()))
  return found
    .filter(({ name, isNullable, isFilled }) => !sent.has(name.toLowerCase()) && !isNullable && !isFilled)
    .map(
      ({ name }) =>
        `${name} is NOT NULL, has no default and is not in --columns. Give it a default, or allow NULL`,
    )
}

/** Existing rows have no value, so the new columns allow NULL. */
function toAddColumns(table: string, columns: readonly Column[]): string {
  const additions = columns.map(({ name, type }) => `ADD COLUMN ${quoteName(name)} ${type}`)
  return `ALTER TABLE ${quoteName(table)} ${additions.join(", ")}`
}
