import type { FaultKind } from "../faults/fault.ts"

/** One request that was answered, or that a fault let go without an answer. */
export interface EmulatorRequest {
  method: string
  path: string
  /** Size of the request's body. */
  bytes: number
  /** 0 where no answer was given. */
  status: number
  /** The statement, cut after 4,000 characters. */
  sql?: string
  /** Rows stored, where the request was a successful exec. */
  rowsAffected?: number
  /** The fault that it met. */
  fault?: FaultKind
}

/** Bounded, so that an emulator that runs for days does not grow: the oldest entries leave first. */
const maxEntries = 10_000
const maxSqlLength = 4_000

export function addToLog<Entry extends EmulatorRequest>(log: Entry[], entry: Entry): void {
  log.push(entry.sql === undefined ? entry : { ...entry, sql: entry.sql.slice(0, maxSqlLength) })
  if (log.length > maxEntries) log.shift()
}
