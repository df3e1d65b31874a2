import type { Stats } from "@singlesink/core"

/** The options of a writer, passed as JSON in its arguments. */
export interface WriterOptions {
  url: string
  table: string
  deduplicate: boolean
  seed: number
  /** Acknowledges an event before its row is stored. The oracle must detect this if the writer is killed. */
  earlyAck: boolean
}

export type ToWriter =
  | { type: "write" | "writeBatch"; numbers: number[] }
  /** Close the sink within this time, report the undelivered events, and exit. */
  | { type: "close"; deadlineMs: number }
  /** Report the memory in use after a garbage collection. */
  | { type: "memory" }

export type FromWriter =
  | { type: "outcomes"; stored: number[]; rejected: number[]; failed: number[]; stats: Stats }
  | { type: "closed"; undelivered: number[]; stats: Stats }
  | { type: "memory"; bytes: number }
