import { type Column, ConfigError, defaultColumns, quoteName } from "@singlesink/core"
import type { Payload } from "./fields.ts"

/** What Segment's own destination drops. A table has such a column only where somebody wants it. */
export const extraColumns: readonly Column[] = [
  { name: "previousId", type: "TEXT", from: "previousId" },
  { name: "category", type: "TEXT", from: "category" },
  { name: "channel", type: "TEXT", from: "channel" },
  { name: "version", type: "TEXT", from: "version" },
  { name: "receivedAt", type: "DATETIME(6)", from: "receivedAt" },
  { name: "sentAt", type: "DATETIME(6)", from: "sentAt" },
  { name: "originalTimestamp", type: "DATETIME(6)", from: "originalTimestamp" },
  { name: "integrations", type: "JSON", from: "integrations" },
  { name: "message", type: "JSON", from: "message" },
]

const extraNames: ReadonlySet<string> = new Set(extraColumns.map(({ name }) => name))

/** The columns as the mapped payload has them: a field that the mapping leaves out is NULL, and nothing fills it. */
const payloadColumns: readonly Column[] = defaultColumns.map(column => ({
  ...column,
  from: toFieldName(column),
}))

/** The field of the form that fills a column. Segment's own form writes the first one so. */
export function toFieldName({ name }: Column): string {
  return name === "messageId" ? "messageid" : name
}

/** The columns that these payloads fill: the usual ones, and of the others those that the mapping asks for. */
export function toColumns(payloads: readonly Payload[]): {
  columns: readonly Column[]
  extra: readonly Column[]
} {
  const mapped = new Set<string>()
  for (const payload of payloads) {
    for (const name in payload) if (extraNames.has(name) && payload[name] !== undefined) mapped.add(name)
  }
  if (mapped.size === 0) return { columns: payloadColumns, extra: [] }
  const extra = extraColumns.filter(({ name }) => mapped.has(name))
  return { columns: [...payloadColumns, ...extra], extra }
}

/** An error about a column that the table lacks, with the statement that adds those which are not usual. */
export function withAlterTable(error: ConfigError, table: string, extra: readonly Column[]): ConfigError {
  const { code, message, column, engineCode, status } = error
  if (code !== "unknown_column" || extra.length === 0) return error
  const named = extra.filter(({ name }) => new RegExp(`\\b${name}\\b`, "i").test(message))
  const sql = toAlterTable(table, named.length > 0 ? named : extra)
  return new ConfigError({
    code,
    column,
    engineCode,
    status,
    message: `Run ${sql}, or leave it out of the mapping. ${message}`,
  })
}

export function toAlterTable(table: string, columns: readonly Column[]): string {
  const additions = columns.map(({ name, type }) => `ADD ${name} ${type}`)
  return `ALTER TABLE ${quoteName(table)} ${additions.join(", ")}`
}
