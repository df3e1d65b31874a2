import { parse } from "../parse/statement.ts"
import type { InsertValue } from "../parse/syntax.ts"
import type { Value } from "../store/value.ts"
import type { RefuseRowsFault } from "./fault.ts"

/** The rows of an INSERT as texts; no rows where the statement is another one, or one that the engine will refuse. */
export function insertedRows(sql: string, args: Value[]): string[][] {
  try {
    const statement = parse(sql, args.length)
    return statement.kind === "insert" ? statement.rows.map(row => row.map(given => toText(given, args))) : []
  } catch {
    return []
  }
}

/** The number of the first bad row, from 1; undefined where all are good. */
export function firstBadRow(rows: string[][], { every, containing }: RefuseRowsFault): number | undefined {
  const isBad = (row: string[]) =>
    (every !== undefined && hash(row[0] ?? "") % every === 0) ||
    (containing !== undefined && row.some(text => text.includes(containing)))
  const index = rows.findIndex(isBad)
  return index === -1 ? undefined : index + 1
}

function toText(given: InsertValue, args: Value[]): string {
  if (given === "default") return ""
  const value = "literal" in given ? given.literal : (args[given.placeholder] ?? null)
  return typeof value === "string" ? value : JSON.stringify(value)
}

/** FNV-1a, of 32 bits: the same text is as good or bad on every machine. */
function hash(text: string): number {
  let bits = 0x811c9dc5
  for (const byte of Buffer.from(text)) bits = Math.imul(bits ^ byte, 0x01000193)
  return bits >>> 0
}
