import { parse } from "../parse/statement.ts"
import type { InsertValue } from "../parse/syntax.ts"
import type { Value } from "../store/value.ts"
import type { RejectRowsFault } from "./fault.ts"

/** Returns the number of the first bad row of an INSERT with VALUES, from 1. */
export function findBadRow(sql: string, args: Value[], fault: RejectRowsFault): number | undefined {
  const { every, containing } = fault
  const isBad = (row: string[]) =>
    (every !== undefined && hash(row[0] ?? "") % every === 0) ||
    (containing !== undefined && row.some(text => text.includes(containing)))
  const index = readRows(sql, args).findIndex(isBad)
  return index === -1 ? undefined : index + 1
}

/** Any other statement does not have rows here, also one that the engine will refuse. */
function readRows(sql: string, args: Value[]): string[][] {
  try {
    const statement = parse(sql, args.length)
    if (statement.kind !== "insert" || !Array.isArray(statement.rows)) return []
    return statement.rows.map(row => row.map(given => toText(given, args)))
  } catch {
    return []
  }
}

function toText(given: InsertValue, args: Value[]): string {
  if (given === "default") return ""
  const value = "literal" in given ? given.literal : (args[given.placeholder] ?? null)
  return typeof value === "string" ? value : JSON.stringify(value)
}

/** FNV-1a with 32 bits, so that the same row is bad on every machine. */
function hash(text: string): number {
  let bits = 0x811c9dc5
  for (const byte of Buffer.from(text)) bits = Math.imul(bits ^ byte, 0x01000193)
  return bits >>> 0
}
