import { EventError, isSinkError, quoteName } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"

type Ids = Record<"userId" | "anonymousId", unknown>

/** Deletes the rows of a user in one table, by either id. */
export async function deleteUser(api: DataApi, table: string, payload: Partial<Ids>): Promise<void> {
  const ids = (["userId", "anonymousId"] as const).map(
    column => [column, toText(payload[column], column)] as const,
  )
  for (const [column, id] of ids) {
    if (id === "") continue
    // The first condition can use an index, but may take ids that differ in case or in spaces at their end as equal.
    const measure = (await comparesCase(api, table, column)) ? "LENGTH" : "HEX"
    const condition = `${column} = ? AND ${measure}(${column}) = ${measure}(?)`
    await api.exec(`DELETE FROM ${quoteName(table)} WHERE ${condition}`, [id, id])
  }
}

/**
 * The text that is stored for an id, which may come as a number. Empty if there is none.
 *
 * @throws EventError if it is something else: nothing would be deleted, and that would look like success
 */
function toText(id: unknown, column: string): string {
  if (id === undefined || id === null) return ""
  if (["string", "number", "boolean", "bigint"].includes(typeof id)) return String(id)
  const message = `Nothing was deleted: ${column} must be a string, a number or a boolean.`
  throw new EventError({ code: "invalid_text", message, column })
}

/** Whether the database is known to compare the bytes of a column, apart from spaces at the end. */
async function comparesCase(api: DataApi, table: string, column: string): Promise<boolean> {
  const sql =
    "SELECT COLLATION_NAME AS collation FROM information_schema.columns WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ?"
  try {
    const [found] = await api.query<{ collation: unknown }>(sql, [api.database, table, column])
    return /_bin$/.test(String(found?.collation))
  } catch (error) {
    // The user may delete, but not look at the table.
    if (isSinkError(error) && error.name === "ConfigError") return false
    throw error
  }
}
