import { text } from "node:stream/consumers"
import { parseExact } from "@singlesink/data-api/exact"
import type { Context } from "../context.ts"
import { withDatabase } from "../database.ts"
import { CommandError, type ExitCode, exitCodes } from "../exit.ts"
import { type Format, formats } from "./formats.ts"

interface QueryOptions {
  /** @default read from stdin */
  readonly sql?: string | undefined
  /** @default "table" on a terminal, otherwise "ndjson" */
  readonly format?: Format | undefined
}

/** Runs one query and prints its rows. Integers keep all their digits. */
export async function query(
  { terminal, settings, output }: Context,
  options: QueryOptions,
): Promise<ExitCode> {
  const sql = options.sql ?? (await readStatement(terminal.stdin))
  const format = output.json ? "json" : (options.format ?? (output.isTerminal ? "table" : "ndjson"))
  const rows = await withDatabase(settings, ({ api }) =>
    api.query<Record<string, unknown>>(sql, [], { parse: parseExact, maxBytes: maxResultBytes }),
  )
  for await (const part of formats[format](rows, terminal.stdout.columns)) await output.write(part)
  return exitCodes.ok
}

/** A result is read as a whole, so this is also the memory that it may take. */
const maxResultBytes = 1_000_000_000

async function readStatement(stdin: Context["terminal"]["stdin"]): Promise<string> {
  if (stdin.isTTY === true) {
    throw new CommandError('Pass a query, such as singlesink query "SELECT COUNT(*) FROM segment_data".')
  }
  const sql = (await text(stdin)).trim().replace(/;$/, "")
  if (sql === "") throw new CommandError("There is no query on stdin.")
  return sql
}
