import { isSinkError } from "@singlesink/core"
import type { Context } from "../context.ts"
import type { Database } from "../database.ts"
import { CommandError } from "../exit.ts"
import { checkColumns } from "./columns.ts"
import type { Finding } from "./finding.ts"
import { createInspection } from "./inspection.ts"
import { checkUniqueKey } from "./keys.ts"
import { checkTable } from "./table.ts"

/**
 * Checks that the table can take events, before the first one is sent.
 *
 * @throws CommandError with the statement that creates or alters the table
 */
export async function requireFit(database: Database, { settings, output }: Context): Promise<void> {
  const inspection = createInspection(database, settings)
  try {
    throwIfFailed(await checkTable(inspection))
    const shape = await inspection.shape()
    throwIfFailed(checkColumns(shape, settings))
    const key = checkUniqueKey(shape, settings)
    // Only a warning, because a server may describe its keys in another way.
    if (key.status === "failed") output.note(`${output.errorColors.yellow("warning:")} ${key.message}`)
  } catch (error) {
    // The user may not see the table, or the server is away. The first request will tell.
    if (!isSinkError(error)) throw error
  }
}

function throwIfFailed({ status, message, sql = [] }: Finding): void {
  if (status === "failed") throw new CommandError([message, ...sql.map(each => `${each};`)].join("\n"))
}
