import type { Stats } from "@singlesink/core"

/** What a writer is started with, as JSON in its arguments. */
export interface WriterOptions {
  url: string
  table: string
  deduplicate: boolean
  seed: number
  /** Acknowledges before the row is stored, and then sees to it: a writer that the oracle must catch once it is killed. */
  earlyAck: boolean
}

export type ToWriter =
  | { type: "write" | "deliver"; numbers: number[] }
  /** Close within this time, say what is left, and end. */
  | { type: "close"; deadlineMs: number }
  /** How much memory is in use, after all that can be freed is freed. */
  | { type: "memory" }

export type FromWriter =
  | { type: "outcomes"; stored: number[]; rejected: number[]; failed: number[]; stats: Stats }
  | { type: "closed"; undelivered: number[]; stats: Stats }
  | { type: "memory"; bytes: number }
