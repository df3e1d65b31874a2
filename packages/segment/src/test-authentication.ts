import { ConfigError, createTableSql, isSinkError, quoteName, type SinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { checkColumns, findColumns } from "./table-check.ts"

/**
 * Checks whether events can be stored in a table, and creates it if it does not exist. Nothing else is written. An
 * existing table may have a unique key or not.
 *
 * @throws SinkError that says what to do
 */
export async function testAuthentication(api: DataApi, table: string, deduplicate: boolean): Promise<void> {
  await api.ping()
  await checkDatabase(api)
  const columns = await findColumns(api, table)
  if (columns.length > 0) checkColumns(columns, table)
  let refusal = await tryInsert(api, table)
  // A table that the user may not look at can exist all the same.
  if (columns.length === 0 && refusal !== undefined) {
    if (refusal.code === "unknown_column") throw refusal
    await createTable(api, table, deduplicate)
    refusal = await tryInsert(api, table)
  }
  // Only a clear no is an error, because a server may not understand the statement.
  if (refusal?.code !== "permission_denied") return
  const message = `The user lacks the INSERT privilege. Run GRANT INSERT ON ${quoteName(api.database)}.* TO the user, or use another user.`
  throw new ConfigError({ code: "permission_denied", message, table })
}

async function checkDatabase(api: DataApi): Promise<void> {
  try {
    await api.query("SELECT 1 AS one")
  } catch (error) {
    const mistake = findMistake(api.database, "Database Name")
    if (!isSinkError(error) || error.code !== "unknown_database" || mistake === undefined) throw error
    const message = `There is no database with the name ${quoteName(api.database)}. ${mistake}`
    throw new ConfigError({ code: "unknown_database", message })
  }
}

/** What is probably wrong with a name that does not exist. */
function findMistake(name: string, label: string): string | undefined {
  if (/^(["'`]).*\1$/.test(name)) return `Enter ${label} without quotes.`
  if (!name.includes(".")) return undefined
  return "A dot is part of the name. Enter the database in Database Name, and only the table in Table Name."
}

async function createTable(api: DataApi, table: string, deduplicate: boolean): Promise<void> {
  // A table is not created by a name that is probably meant otherwise.
  const mistake = findMistake(table, "Table Name")
  if (mistake !== undefined) {
    const message = `There is no table with the name ${quoteName(table)}. ${mistake}`
    throw new ConfigError({ code: "unknown_table", message, table })
  }
  const sql = createTableSql({ table, deduplicate })
  try {
    await api.exec(sql)
  } catch (error) {
    if (!isSinkError(error) || error.code !== "permission_denied") throw error
    const message = `The table ${quoteName(table)} does not exist, or the user may not see it, and the user lacks the privilege to create it. If it exists, grant INSERT on it. Otherwise grant CREATE, or run ${sql.replace(/\s+/g, " ")}.`
    throw new ConfigError({ code: "permission_denied", message, table })
  }
}

/**
 * Asks the database itself, with an INSERT of no rows: privileges can come from roles, groups and patterns.
 *
 * @returns the error that it answers, if any
 */
async function tryInsert(api: DataApi, table: string): Promise<SinkError | undefined> {
  const sql = `INSERT INTO ${quoteName(table)} (type) SELECT one.type FROM (SELECT 'track' AS type) AS one WHERE 1 = 0`
  try {
    await api.exec(sql)
    return undefined
  } catch (error) {
    if (isSinkError(error)) return error
    throw error
  }
}
