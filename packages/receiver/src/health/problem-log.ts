import type { Outcome } from "@singlesink/core"
import type { FastifyBaseLogger } from "fastify"

/** Logs why events are not stored. */
export interface ProblemLog {
  note(table: string, outcomes: readonly Outcome[]): void
}

/** A code is logged at most so often, with the events since. Otherwise an outage would fill the disk. */
const everyMs = 10_000
const maxProblems = 100

export function createProblemLog(log: FastifyBaseLogger): ProblemLog {
  const problems = new Map<string, { loggedAt: number; events: number }>()

  return {
    note(table, outcomes) {
      for (const outcome of outcomes) {
        if (outcome.status === "stored") continue
        const { code, column, message } = outcome.error
        const key = `${table} ${code} ${column ?? ""}`
        const problem = problems.get(key) ?? { loggedAt: Number.NEGATIVE_INFINITY, events: 0 }
        if (problems.size < maxProblems) problems.set(key, problem)
        problem.events++
        if (performance.now() - problem.loggedAt < everyMs) continue
        const { events } = problem
        log.warn({ table, code, column, events, outcome: outcome.status }, message)
        problem.loggedAt = performance.now()
        problem.events = 0
      }
    },
  }
}
