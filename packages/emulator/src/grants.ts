import { refusal } from "./errors.ts"
import type { Result } from "./store/result.ts"
import { text } from "./translate/typed.ts"

/** What a user may be allowed, in the order in which SHOW GRANTS prints it. */
export const privileges = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE",
  "DROP",
  "INDEX",
  "ALTER",
  "CREATE VIEW",
  "SHOW VIEW",
  "ALTER VIEW",
  "DROP VIEW",
  "CREATE DATABASE",
  "DROP DATABASE",
] as const

export type Privilege = (typeof privileges)[number]

/** What the one user may do, to every table of every database. */
export interface Grants {
  /** Who it is, as CURRENT_USER() gives it. */
  user: string
  /** Refuses what a table would need and the user has not. */
  check(privilege: Privilege, table: string): void
  checkDatabase(privilege: Privilege, database: string): void
  /** Refuses somebody who may do nothing at all with a table. */
  checkAny(table: string): void
  /** What SHOW GRANTS gives. */
  show(): Result
}

/** The list is read for every statement, so whoever holds it can change it between two of them. */
export function createGrants(username: string, granted: readonly Privilege[]): Grants {
  const deny = (privilege: Privilege, table: string) => refusal(1142, privilege, username, "%", table)
  return {
    user: `${username}@%`,
    check(privilege, table) {
      if (!granted.includes(privilege)) throw deny(privilege, table)
    },
    checkDatabase(privilege, database) {
      if (!granted.includes(privilege)) throw refusal(1044, username, "%", database)
    },
    checkAny(table) {
      if (granted.length === 0) throw deny("SELECT", table)
    },
    show() {
      const found = privileges.filter(privilege => granted.includes(privilege))
      const list =
        found.length === privileges.length
          ? "ALL PRIVILEGES"
          : found.length === 0
            ? "USAGE"
            : found.join(", ")
      return {
        columns: [{ name: `Grants for ${username}@%`, type: text }],
        rows: [[`GRANT ${list} ON *.* TO '${username}'@'%'`]],
      }
    },
  }
}
