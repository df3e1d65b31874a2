import { isSinkError } from "@singlesink/core"
import type { DataApi } from "@singlesink/data-api"
import { CommandError, exitCodes } from "../exit.ts"
import type { Names } from "./names.ts"
import { retry } from "./retry.ts"
import { toRename } from "./statements.ts"

/** Renames the table to the old one, and the copy to the table. */
export async function swap(api: DataApi, { table, copy, old }: Names): Promise<void> {
  await rename(api, table, old)
  await finishSwap(api, { table, copy, old })
}

/** Renames the copy to the table. Until it is done, the table does not exist. */
export async function finishSwap(api: DataApi, { table, copy, old }: Names): Promise<void> {
  try {
    await rename(api, copy, table)
  } catch (error) {
    if (!isSinkError(error)) throw error
    throw new CommandError(
      `${table} does not exist now: it is renamed to ${old}, and ${copy} could not be renamed to ${table}. Run migrate again at once, or: ${toRename(copy, table)}\n${error.message}`,
      error.name === "ConfigError" ? exitCodes.usage : exitCodes.incomplete,
    )
  }
}

/** A rename without an answer may be done. */
async function rename(api: DataApi, from: string, to: string): Promise<void> {
  await retry(async attempt => {
    if (attempt > 0 && (await isRenamed(api, from, to))) return
    await api.exec(toRename(from, to))
  })
}

async function isRenamed(api: DataApi, from: string, to: string): Promise<boolean> {
  const rows = await api.query<{ name: string }>(
    "SELECT TABLE_NAME AS name FROM information_schema.tables WHERE TABLE_SCHEMA = ? AND TABLE_NAME IN (?, ?)",
    [api.database, from, to],
  )
  const names = rows.map(({ name }) => name)
  return names.includes(to) && !names.includes(from)
}
