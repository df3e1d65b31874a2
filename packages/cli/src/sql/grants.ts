import { quoteName } from "@singlesink/core"
import type { Context } from "../context.ts"
import type { ExitCode } from "../exit.ts"
import { quoteString } from "./literal.ts"
import type { purposes } from "./purposes.ts"
import { printStatements, type Statements } from "./statements.ts"

export interface GrantFlags {
  readonly user: string
  readonly host: string
  readonly for: (typeof purposes)[number]
}

export async function printGrants({ settings, output }: Context, flags: GrantFlags): Promise<ExitCode> {
  return printStatements(output, toGrants(settings, flags))
}

/** The statements that give a user the least rights for one purpose. */
function toGrants(
  { database, table }: { database: string; table: string },
  { user, host, for: purpose }: GrantFlags,
): Statements {
  const onTable = `${quoteName(database)}.${quoteName(table)}`
  const onDatabase = `${quoteName(database)}.*`
  const name = toUser(user, host)
  const grants: Record<GrantFlags["for"], readonly [rights: string, on: string][]> = {
    write: [["INSERT", onTable]],
    query: [["SELECT", onTable]],
    views: [["SELECT, CREATE VIEW, DROP VIEW", onDatabase]],
    migrate: [["SELECT, INSERT, CREATE, ALTER, DROP", onDatabase]],
    pipeline: [["INSERT, CREATE PIPELINE, START PIPELINE, SHOW PIPELINE", onDatabase]],
  }
  return {
    notes: [
      `${meanings[purpose]} An administrator runs this.`,
      `If the user does not exist: CREATE USER ${name} IDENTIFIED BY '…'`,
    ],
    statements: grants[purpose].map(([rights, on]) => `GRANT ${rights} ON ${on} TO ${name}`),
  }
}

const meanings: Readonly<Record<GrantFlags["for"], string>> = {
  write: "The least rights to store events, and for `singlesink check` and `load`.",
  query: "The least rights to read the table.",
  views: "The least rights for `singlesink sql views --apply`.",
  migrate: "The least rights for `singlesink migrate`, which creates and renames tables.",
  pipeline: "The least rights for the statement of `singlesink sql pipeline`.",
}

/** A user as GRANT names it. */
export function toUser(user: string, host: string): string {
  return `${quoteString(user)}@${quoteString(host)}`
}
