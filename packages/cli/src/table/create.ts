import { ConfigError, createTableSql, isSinkError } from "@singlesink/core"
import type { Settings } from "../settings/settings.ts"

type Table = Pick<Settings, "table" | "columns" | "deduplicate">

/** The CREATE TABLE statement of the settings. @throws ConfigError with every mistake in the columns */
export function toCreateTable({ table, columns, deduplicate }: Table): string {
  try {
    return createTableSql({ table, columns, deduplicate })
  } catch (error) {
    if (!isSinkError(error) || error.code !== "invalid_options") throw error
    const message = error.message.replace(
      "Invalid options for createTableSql",
      "The file of --columns is wrong",
    )
    throw new ConfigError({ code: error.code, issues: error.issues, message })
  }
}
