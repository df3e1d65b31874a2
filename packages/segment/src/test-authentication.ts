import { type Column, createTableSql, defaultColumns, isSinkError, quoteName } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { toAlterTable } from "./columns.ts"

/** A column as the database describes it. */
interface FoundColumn {
  name: string
  type: string
}

/**
 * Checks whether events can be stored in a table, and creates it if it does not exist. Nothing else is written. An
 * existing table may have a unique key or not.
 *
 * @throws Error with one sentence that says what to do, or a SinkError
 */
export async function testAuthentication(api: DataApi, table: string, deduplicate: boolean): Promise<void> {
  await api.ping()
  await api.query("SELECT 1 AS one")
  const columns = await findColumns(api, table)
  if (columns.length === 0) await createTable(api, table, deduplicate)
  else checkColumns(columns, table)
  await checkRights(api, table)
}

function findColumns(api: DataApi, table: string): Promise<FoundColumn[]> {
  return api.query<{ name: string; type: string }>(
    "SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type FROM information_schema.columns WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
    [api.database, table],
  )
}

async function createTable(api: DataApi, table: string, deduplicate: boolean): Promise<void> {
  const sql = createTableSql({ table, deduplicate })
  try {
    await api.exec(sql)
  } catch (error) {
    if (!isSinkError(error) || error.code !== "permission_denied") throw error
    throw new Error(
      `The table ${quoteName(table)} does not exist, and the user lacks the privilege to create it. Grant CREATE, or run ${sql.replace(/\s+/g, " ")}.`,
    )
  }
}

/** Matches the column types that can store each type. */
const fitting: Readonly<Partial<Record<Column["type"], RegExp>>> = {
  TEXT: /^(text|mediumtext|longtext|varchar|char)/i,
  "DATETIME(6)": /^datetime\(6\)/i,
  JSON: /^json/i,
}

function checkColumns(found: readonly FoundColumn[], table: string): void {
  const types = new Map(found.map(({ name, type }) => [name.toLowerCase(), type]))
  const missing = defaultColumns.filter(({ name }) => !types.has(name.toLowerCase()))
  if (missing.length > 0) {
    throw new Error(
      `The table ${quoteName(table)} has no column ${missing.map(({ name }) => name).join(", ")}. Run ${toAlterTable(table, missing)}, or use another table.`,
    )
  }
  const wrong = defaultColumns.filter(
    ({ name, type }) => fitting[type]?.test(types.get(name.toLowerCase()) ?? "") === false,
  )
  if (wrong.length > 0) {
    const list = wrong.map(
      ({ name, type }) => `${name} is ${types.get(name.toLowerCase())} instead of ${type}`,
    )
    throw new Error(
      `The table ${quoteName(table)} has incompatible column types: ${list.join(", ")}. Use another table name, or a new one to have it created.`,
    )
  }
}

/** A server that does not list grants may still allow the INSERT. */
async function checkRights(api: DataApi, table: string): Promise<void> {
  const grants = await api.query("SHOW GRANTS").catch(() => [])
  const lines = grants.flatMap(row => Object.values(row)).filter(line => typeof line === "string")
  if (lines.length === 0 || lines.some(line => mayInsert(line, api.database, table))) return
  throw new Error(
    `The user lacks the INSERT privilege. Run GRANT INSERT ON ${quoteName(api.database)}.* TO the user, or use another user.`,
  )
}

function mayInsert(grant: string, database: string, table: string): boolean {
  const match = /^GRANT (.*?) ON (\S+) TO /i.exec(grant)
  const [, privileges = "", place = ""] = match ?? []
  if (!/\b(INSERT|ALL PRIVILEGES|ALL)\b/i.test(privileges)) return false
  const names = place.replaceAll("`", "").split(".")
  return (names[0] === "*" || names[0] === database) && (names[1] === "*" || names[1] === table)
}
