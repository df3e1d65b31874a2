import { createTableSql } from "@singlesink/core"
import type { Settings } from "../settings/settings.ts"

/** The CREATE TABLE statement of the settings. @throws ConfigError with every mistake in the columns */
export function toCreateTable({ table, columns, deduplicate }: Settings): string {
  return createTableSql({ table, columns, deduplicate })
}
