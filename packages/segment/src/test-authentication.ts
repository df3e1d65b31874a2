import { ConfigError, createTableSql, isSinkError, quoteName } from "@singlesink/core"
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
  if (columns.length === 0) await createTable(api, table, deduplicate)
  else checkColumns(columns, table)
  await checkInsert(api, table)
}

/** A name in quotes of any kind. */
const quoted = /^(["'`]).*\1$/

async function checkDatabase(api: DataApi): Promise<void> {
  try {
    await api.query("SELECT 1 AS one")
  } catch (error) {
    if (!isSinkError(error) || error.code !== "unknown_database" || !quoted.test(api.database)) throw error
    const message = "There is no database whose name has quotes. Enter Database Name without quotes."
    throw new ConfigError({ code: "unknown_database", message })
  }
}

async function createTable(api: DataApi, table: string, deduplicate: boolean): Promise<void> {
  checkNewName(table)
  const sql = createTableSql({ table, deduplicate })
  try {
    await api.exec(sql)
  } catch (error) {
    if (!isSinkError(error) || error.code !== "permission_denied") throw error
    const message = `The table ${quoteName(table)} does not exist, or the user may not see it, and the user lacks the privilege to create it. If it exists, grant INSERT on it. Otherwise grant CREATE, or run ${sql.replace(/\s+/g, " ")}.`
    throw new ConfigError({ code: "permission_denied", message, table })
  }
}

/** A table is not created by a name that is probably meant otherwise. */
function checkNewName(table: string): void {
  const mistake = quoted.test(table)
    ? "Enter Table Name without quotes."
    : table.includes(".")
      ? "A dot is part of the name. Enter the database in Database Name, and only the table in Table Name."
      : undefined
  if (mistake === undefined) return
  const message = `There is no table with the name ${quoteName(table)}. ${mistake}`
  throw new ConfigError({ code: "unknown_table", message, table })
}

/**
 * Asks the database itself, with an INSERT of no rows: privileges can come from roles, groups and patterns. Only a clear
 * no is an error, because a server may not understand the statement.
 */
async function checkInsert(api: DataApi, table: string): Promise<void> {
  const sql = `INSERT INTO ${quoteName(table)} (type) SELECT one.type FROM (SELECT 'track' AS type) AS one WHERE 1 = 0`
  try {
    await api.exec(sql)
  } catch (error) {
    if (!isSinkError(error) || error.code !== "permission_denied") return
    const message = `The user lacks the INSERT privilege. Run GRANT INSERT ON ${quoteName(api.database)}.* TO the user, or use another user.`
    throw new ConfigError({ code: "permission_denied", message, table })
  }
}
