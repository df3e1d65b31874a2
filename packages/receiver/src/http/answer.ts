import type { Outcome, SinkError } from "@singlesink/core"
import type { FastifyReply } from "fastify"

/** An event of a call that is not stored. */
interface Problem {
  /** Its place in the array, from 0. */
  index: number
  code: string
  message: string
  column?: string | undefined
}

const success = '{"success":true}'

/**
 * Answers a call from the outcomes of its events: 200 if they are stored or some are rejected, 400 if all are rejected, and
 * 503 if one failed, so that the caller sends all of them again.
 */
export function sendAnswer(reply: FastifyReply, outcomes: readonly Outcome[]): FastifyReply {
  reply.header("content-type", "application/json; charset=utf-8")
  if (outcomes.every(({ status }) => status === "stored")) return reply.send(success)
  const rejected = toProblems(outcomes, "rejected")
  const failed = toProblems(outcomes, "failed")
  if (failed.length > 0) {
    reply.code(503).header("retry-after", toRetryAfter(outcomes))
    return reply.send(JSON.stringify({ success: false, rejected, failed }))
  }
  const isRejected = rejected.length === outcomes.length
  return reply.code(isRejected ? 400 : 200).send(JSON.stringify({ success: !isRejected, rejected }))
}

function toProblems(outcomes: readonly Outcome[], status: "rejected" | "failed"): Problem[] {
  const problems: Problem[] = []
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status !== status) continue
    const { code, message, column } = outcome.error as SinkError
    problems.push({ index, code, message, column })
  }
  return problems
}

/** The operator has to act after a configuration error, so callers wait longer. */
const [retryAfterSeconds, configRetryAfterSeconds] = [1, 30]

function toRetryAfter(outcomes: readonly Outcome[]): number {
  let seconds = 0
  for (const outcome of outcomes) {
    if (outcome.status !== "failed") continue
    const { error } = outcome
    const ownSeconds =
      error.name === "ConfigError"
        ? configRetryAfterSeconds
        : Math.ceil((error.retryAfterMs ?? 0) / 1_000) || retryAfterSeconds
    seconds = Math.max(seconds, ownSeconds)
  }
  return seconds
}
