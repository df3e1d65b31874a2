import { quoteName } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"

type Ids = Record<"userId" | "anonymousId", unknown>

/** Deletes the rows of a user in one table, by either id. */
export async function deleteUser(api: DataApi, table: string, payload: Partial<Ids>): Promise<void> {
  for (const column of ["userId", "anonymousId"] as const) {
    const id = toText(payload[column])
    if (id === "") continue
    const condition = (await comparesBytes(api, table, column))
      ? [`${column} = ?`]
      : // Ids that differ in case are different users. The first condition can use an index.
        [`${column} = ?`, `HEX(${column}) = HEX(?)`]
    const sql = `DELETE FROM ${quoteName(table)} WHERE ${condition.join(" AND ")}`
    await api.exec(sql, Array(condition.length).fill(id))
  }
}

/** The text that is stored for an id, which may come as a number. Empty if it is not an id. */
function toText(id: unknown): string {
  return ["string", "number", "boolean", "bigint"].includes(typeof id) ? String(id) : ""
}

/** Whether the database is known to distinguish all values of a column. */
async function comparesBytes(api: DataApi, table: string, column: string): Promise<boolean> {
  const sql =
    "SELECT COLLATION_NAME AS collation FROM information_schema.columns WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ?"
  const [found] = await api.query<{ collation: unknown }>(sql, [api.database, table, column])
  return /_bin$/.test(String(found?.collation))
}
