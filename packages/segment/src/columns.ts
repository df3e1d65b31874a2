import { type Column, ConfigError, defaultColumns, quoteName } from "@singlesink/core"
import type { Payload } from "./payload.ts"

/** Fields that Segment's own destination drops. A table has these columns only if the operator adds them. */
export const extraColumns: readonly Column[] = [
  { name: "previousId", type: "TEXT", from: "previousId" },
  { name: "category", type: "TEXT", from: "category" },
  { name: "channel", type: "TEXT", from: "channel" },
  { name: "version", type: "TEXT", from: "version" },
  { name: "receivedAt", type: "DATETIME(6)", from: "receivedAt", onInvalid: "null" },
  { name: "sentAt", type: "DATETIME(6)", from: "sentAt", onInvalid: "null" },
  { name: "originalTimestamp", type: "DATETIME(6)", from: "originalTimestamp", onInvalid: "null" },
  { name: "integrations", type: "JSON", from: "integrations" },
  { name: "message", type: "JSON", from: "message" },
]

/** The columns of a mapped payload. A field that is not mapped is NULL. */
const payloadColumns: readonly Column[] = defaultColumns.map(column => ({
  ...column,
  from: toFieldName(column),
}))

/** The form field of a column. Segment's own form spells the first one in lower case. */
export function toFieldName({ name }: Column): string {
  return name === "messageId" ? "messageid" : name
}

/** The columns of these payloads: the default ones, and the extra ones that are mapped. */
export function toColumns(payloads: readonly Payload[]): {
  columns: readonly Column[]
  extra: readonly Column[]
} {
  const mapped = new Set<string>()
  for (const payload of payloads) {
    for (const { name } of extraColumns) if (payload[name] !== undefined) mapped.add(name)
  }
  if (mapped.size === 0) return { columns: payloadColumns, extra: [] }
  const extra = extraColumns.filter(({ name }) => mapped.has(name))
  return { columns: [...payloadColumns, ...extra], extra }
}

/** The same error with the statement that adds the missing extra columns. */
export function withAlterTable(error: ConfigError, table: string, extra: readonly Column[]): ConfigError {
  if (error.code !== "unknown_column" || extra.length === 0) return error
  const named = extra.filter(({ name }) => name === error.column)
  const sql = toAlterTable(table, named.length > 0 ? named : extra)
  const message = `Run ${sql}, or remove the field from the mapping. ${error.message}`
  return new ConfigError({ ...error, message })
}

export function toAlterTable(table: string, columns: readonly Column[]): string {
  const additions = columns.map(({ name, type }) => `ADD ${name} ${type}`)
  return `ALTER TABLE ${quoteName(table)} ${additions.join(", ")}`
}
