import type { FaultKind } from "../faults/fault.ts"

/** One request, with or without an answer. */
export interface EmulatorRequest {
  method: string
  path: string
  /** The size of the request body. */
  bytes: number
  /** 0 if the request was not answered. */
  status: number
  /** The first 4,000 characters of the statement. */
  sql?: string
  /** The number of rows stored or removed by a successful exec. */
  rowsAffected?: number
  /** The kind of the fault that hit the request. */
  fault?: FaultKind
}

/** Limits for an emulator that runs for days. The oldest entries leave first. */
const maxEntries = 10_000
const maxSqlLength = 4_000

export function addToLog<Entry extends EmulatorRequest>(log: Entry[], entry: Entry): void {
  log.push(entry.sql === undefined ? entry : { ...entry, sql: entry.sql.slice(0, maxSqlLength) })
  if (log.length > maxEntries) log.shift()
}
