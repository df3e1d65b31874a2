import { type ConfigError, isSinkError, type Outcome } from "@singlesink/core"
import type { Database } from "../options.ts"

/** Whether events can be stored, and the reason if not. */
type Readiness =
  | { readonly isReady: true }
  | { readonly isReady: false; readonly code: string; readonly reason: string }

export interface ReadinessCheck {
  /** Asks the database, at most once a second. */
  check(): Promise<Readiness>
  /** Notes the outcomes of events: after a configuration error nothing is stored until the operator acts. */
  note(table: string, outcomes: readonly Outcome[]): void
}

const maxAgeMs = 1_000

/**
 * After this time without another configuration error the database is asked again. Without it a receiver that gets no
 * events because it is not ready would never become ready.
 */
const errorAgeMs = 30_000

export function createReadinessCheck(database: Database): ReadinessCheck {
  const errors = new Map<string, { at: number; error: ConfigError }>()
  let latest: { at: number; answer: Promise<Readiness> } | undefined

  async function ask(): Promise<Readiness> {
    try {
      await database.query("SELECT 1")
    } catch (error) {
      if (!isSinkError(error)) throw error
      return { isReady: false, code: error.code, reason: error.message }
    }
    return { isReady: true }
  }

  return {
    async check() {
      for (const [table, { at, error }] of errors) {
        if (performance.now() - at < errorAgeMs) {
          return { isReady: false, code: error.code, reason: error.message }
        }
        errors.delete(table)
      }
      if (latest === undefined || performance.now() - latest.at > maxAgeMs) {
        latest = { at: performance.now(), answer: ask() }
      }
      return latest.answer
    },
    note(table, outcomes) {
      for (const outcome of outcomes) {
        if (outcome.status === "stored") errors.delete(table)
        else if (outcome.status === "failed" && outcome.error.name === "ConfigError") {
          errors.set(table, { at: performance.now(), error: outcome.error })
        }
      }
    },
  }
}
