import Table from "cli-table3"
import { stringify } from "csv-stringify/sync"

type Row = Readonly<Record<string, unknown>>
type Rows = readonly Row[]

export type Format = "table" | "json" | "csv" | "ndjson"

/** The ways to print rows, in parts. */
export const formats: Readonly<Record<Format, (rows: Rows, width?: number) => Iterable<string>>> = {
  *table(rows, width = 100) {
    if (rows.length > 0) yield `${toTable(rows, width)}\n`
    yield `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "row" : "rows"}\n`
  },
  *json(rows) {
    for (const [index, row] of rows.entries()) yield `${index === 0 ? "[" : ","}\n  ${toJson(row)}`
    yield rows.length === 0 ? "[]\n" : "\n]\n"
  },
  *csv(rows) {
    const columns = Object.keys(rows[0] ?? {})
    if (columns.length > 0) yield stringify([columns])
    for (const row of rows) yield stringify([columns.map(column => toText(row[column], ""))])
  },
  *ndjson(rows) {
    for (const row of rows) yield `${toJson(row)}\n`
  },
}

/** JSON with the digits of a bigint, which JSON.stringify rejects. */
function toJson(value: unknown): string {
  if (typeof value === "bigint") return String(value)
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, member]) => `${JSON.stringify(key)}:${toJson(member)}`)
      .join(",")}}`
  }
  return JSON.stringify(value)
}

/** A cell as text. */
function toText(value: unknown, nothing: string): string {
  if (value === null || value === undefined) return nothing
  return typeof value === "string" ? value : toJson(value)
}

/** A table as wide as the terminal at most: the widest columns are cut. */
function toTable(rows: Rows, width: number): string {
  const columns = Object.keys(rows[0] ?? {})
  const cells = rows.map(row => columns.map(column => toOneLine(toText(row[column], "NULL"))))
  const widths = columns.map((column, index) =>
    Math.max(toOneLine(column).length, ...cells.map(row => row[index]?.length ?? 0)),
  )
  const padding = 3
  let excess = widths.reduce((sum, each) => sum + each + padding, 1) - width
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths))
    const second = Math.max(minWidth, ...widths.filter((_, index) => index !== widest))
    const cut = Math.min(excess, Math.max(1, (widths[widest] ?? 0) - second))
    if ((widths[widest] ?? 0) <= minWidth) break
    widths[widest] = (widths[widest] ?? 0) - cut
    excess -= cut
  }
  const isNumeric = columns.map(column => rows.every(row => isNumber(row[column])))
  const table = new Table({
    head: columns.map(toOneLine),
    colWidths: widths.map(each => each + 2),
    colAligns: isNumeric.map(numeric => (numeric ? "right" : "left")),
    style: { head: [], border: [] },
  })
  table.push(...cells)
  // Lines between the rows of a result take half of the terminal.
  return table
    .toString()
    .split("\n")
    .filter((line, index) => index < 3 || !line.startsWith("├"))
    .join("\n")
}

const minWidth = 8

const isNumber = (value: unknown) => value === null || typeof value === "number" || typeof value === "bigint"

/** Line breaks and control characters would break the table, and could control the terminal. */
function toOneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "·")
}
