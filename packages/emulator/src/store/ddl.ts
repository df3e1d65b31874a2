import type { Column } from "../parse/syntax.ts"
import { type NamedKey, shownKeys, type Table } from "./table.ts"
import { typeFacts, typeText } from "./type.ts"

/** The statement of SHOW CREATE TABLE, which creates the same table or view. */
export function toCreateSql(table: Table): string {
  if (table.view !== undefined) return `CREATE VIEW ${name(table.name)} AS ${table.view.text}`
  const lines = [...table.columns.map(columnSql), ...shownKeys(table).map(keySql)]
  const body = lines.map(line => `  ${line}`).join(",\n")
  return `CREATE TABLE ${name(table.name)} (\n${body}\n) SQL_MODE='STRICT_ALL_TABLES' CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin`
}

function columnSql({ name: column, type, nullable, default: fallback }: Column): string {
  const { kind } = typeFacts[type.name]
  const words = [name(column), type.name === "json" ? "JSON" : typeText(type)]
  if (kind === "text") words.push("CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
  if (!nullable) words.push("NOT NULL")
  if (fallback !== undefined) words.push(`DEFAULT ${literal(fallback)}`)
  return words.join(" ")
}

function literal(value: string | boolean | null): string {
  if (value === null) return "NULL"
  if (typeof value === "boolean") return `'${Number(value)}'`
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`
}

const words: Record<NamedKey["kind"], string> = {
  primary: "PRIMARY KEY",
  unique: "UNIQUE KEY",
  index: "KEY",
  shard: "SHARD KEY",
  sort: "SORT KEY",
}

function keySql({ kind, name: key, columns }: NamedKey): string {
  const list = `(${columns.map(name).join(",")})`
  // CREATE TABLE does not take names for the other keys.
  const isNamed = kind === "unique" || kind === "index"
  return `${words[kind]} ${isNamed ? `${name(key)} ${list} USING HASH` : list}`
}

function name(text: string): string {
  return `\`${text.replaceAll("`", "``")}\``
}
