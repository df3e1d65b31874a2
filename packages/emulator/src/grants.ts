import { refusal } from "./errors.ts"
import type { Result } from "./store/result.ts"
import { text } from "./translate/sql-expression.ts"

/** The privileges in the order of SHOW GRANTS. */
export const privileges = [
  "SELECT",
  "INSERT",
  "DELETE",
  "CREATE",
  "ALTER",
  "DROP",
  "CREATE VIEW",
  "DROP VIEW",
] as const

/** A privilege of a user. */
export type Privilege = (typeof privileges)[number]

/** The privileges of the one user, on every table of every database. */
export interface Grants {
  /** Refuses a table without the privilege, or without any privilege. */
  check(privilege: Privilege | "any", table: string): void
  /** The result of SHOW GRANTS. */
  show(): Result
}

/** Every check reads the array again, so a test may change it at any time. */
export function createGrants(username: string, granted: readonly Privilege[]): Grants {
  return {
    check(privilege, table) {
      const isGranted = privilege === "any" ? granted.length > 0 : granted.includes(privilege)
      const missing = privilege === "any" ? "SELECT" : privilege
      if (!isGranted) throw refusal(1142, missing, username, "%", table)
    },
    show() {
      const found = privileges.filter(privilege => granted.includes(privilege))
      const list = found.length === privileges.length ? "ALL PRIVILEGES" : found.join(", ") || "USAGE"
      return {
        columns: [{ name: `Grants for ${username}@%`, type: text }],
        rows: [[`GRANT ${list} ON *.* TO '${username}'@'%'`]],
      }
    },
  }
}
