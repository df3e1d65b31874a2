import { quoteName } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"

/** Deletes the rows of a user, by either id. */
export async function deleteUser(
  api: DataApi,
  table: string,
  { userId, anonymousId }: { userId?: unknown; anonymousId?: unknown },
): Promise<void> {
  for (const [column, id] of Object.entries({ userId, anonymousId })) {
    if (typeof id !== "string" || id === "") continue
    await api.exec(`DELETE FROM ${quoteName(table)} WHERE ${column} = ?`, [id])
  }
}
