import {
  type Column,
  createTableSql,
  defaultColumns,
  isSinkError,
  type LayoutName,
  quoteName,
} from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { toAlterTable } from "./columns.ts"

/** A table as the database describes it. */
interface FoundColumn {
  name: string
  type: string
}

/**
 * Looks whether events can be stored in a table, and makes it where there is none; nothing else is written. Either
 * layout will do for a table that is there.
 *
 * @throws Error whose message is one sentence that says what to do, or a SinkError
 */
export async function inspect(api: DataApi, table: string, layout: LayoutName): Promise<void> {
  await api.ping()
  await api.query("SELECT 1 AS one")
  const columns = await findColumns(api, table)
  if (columns.length === 0) await createTable(api, table, layout)
  else checkColumns(columns, table)
  await checkRights(api, table)
}

function findColumns(api: DataApi, table: string): Promise<FoundColumn[]> {
  return api.query<{ name: string; type: string }>(
    "SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type FROM information_schema.columns WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
    [api.database, table],
  )
}

async function createTable(api: DataApi, table: string, layout: LayoutName): Promise<void> {
  const sql = createTableSql({ table, layout })
  try {
    await api.exec(sql)
  } catch (error) {
    if (!isSinkError(error) || error.code !== "no_privilege") throw error
    throw new Error(
      `The table ${quoteName(table)} does not exist, and the user may not create it: grant CREATE, or let somebody run ${sql.replace(/\s+/g, " ")}.`,
    )
  }
}

/** The types that hold what we send, by how they begin. */
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
      `The table ${quoteName(table)} lacks ${missing.map(({ name }) => name).join(", ")}: run ${toAlterTable(table, missing)}, or give the name of another table.`,
    )
  }
  const wrong = defaultColumns.filter(
    ({ name, type }) => fitting[type]?.test(types.get(name.toLowerCase()) ?? "") === false,
  )
  if (wrong.length > 0) {
    const list = wrong.map(({ name, type }) => `${name} is ${types.get(name.toLowerCase())} and not ${type}`)
    throw new Error(
      `The table ${quoteName(table)} has other types than are sent: ${list.join(", ")}; give the name of another table, or of none that exists.`,
    )
  }
}

/** A server that shows no grants says nothing against them. */
async function checkRights(api: DataApi, table: string): Promise<void> {
  const grants = await api.query("SHOW GRANTS").catch(() => [])
  const lines = grants.flatMap(row => Object.values(row)).filter(line => typeof line === "string")
  if (lines.length === 0 || lines.some(line => mayInsert(line, api.database, table))) return
  throw new Error(
    `The user may not insert: run GRANT INSERT ON ${quoteName(api.database)}.* TO that user, or give another user.`,
  )
}

function mayInsert(grant: string, database: string, table: string): boolean {
  const match = /^GRANT (.*?) ON (\S+) TO /i.exec(grant)
  const [, privileges = "", place = ""] = match ?? []
  if (!/\b(INSERT|ALL PRIVILEGES|ALL)\b/i.test(privileges)) return false
  const names = place.replaceAll("`", "").split(".")
  return (names[0] === "*" || names[0] === database) && (names[1] === "*" || names[1] === table)
}
