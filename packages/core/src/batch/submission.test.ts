import { describe, expect, test } from "vitest"
import { ConfigError, DeliveryError, EventError } from "../errors.ts"
import { type Outcome, stored } from "../outcome.ts"
import { createStats } from "../stats.ts"
import { createSubmission, isPending, markInDoubt, type Submission, settle } from "./submission.ts"

function submit(count: number): { submission: Submission; stats: Submission["stats"]; done: Outcome[][] } {
  const stats = createStats()
  const done: Outcome[][] = []
  const events = Array.from({ length: count }, () => ({}))
  const submission = createSubmission(events, { mayLinger: true, stats, done: list => done.push(list) })
  return { submission, stats, done }
}

test("Each event gets one outcome, settle returns how many got it, and done is called once", () => {
  const { submission, stats, done } = submit(3)
  expect(stats).toMatchObject({ received: 3, pending: 3 })
  expect(settle({ submission, offset: 1, rows: 1 }, stored)).toBe(1)
  expect(isPending({ submission, offset: 0, rows: 2 })).toBe(true)
  expect(isPending({ submission, offset: 1, rows: 1 })).toBe(false)
  expect(settle({ submission, offset: 0, rows: 2 }, stored)).toBe(1)
  expect(isPending({ submission, offset: 0, rows: 2 })).toBe(false)
  expect(done).toEqual([])
  expect(settle({ submission, offset: 0, rows: 3 }, stored)).toBe(1)
  expect(settle({ submission, offset: 0, rows: 3 }, stored)).toBe(0)
  expect(done).toEqual([[stored, stored, stored]])
  expect(submission).toMatchObject({ pending: 0, outcomes: [stored, stored, stored] })
  expect(stats).toMatchObject({ received: 3, stored: 3, pending: 0 })
})

test("The counts of the sink change with every outcome", () => {
  const { submission, stats } = submit(3)
  const rejected = new EventError({ code: "value_rejected", message: "No." })
  const failed = new DeliveryError({ code: "timeout", message: "No." })
  settle({ submission, offset: 0, rows: 1 }, { status: "rejected", error: rejected })
  settle({ submission, offset: 1, rows: 1 }, { status: "failed", error: failed })
  expect(stats).toMatchObject({ received: 3, stored: 0, rejected: 1, failed: 1, pending: 1 })
})

describe("an event in doubt", () => {
  const lost = new DeliveryError({ code: "connection_lost", message: "Lost.", ambiguous: true })
  const refused = new EventError({ code: "value_rejected", message: "No." })
  const denied = new ConfigError({ code: "access_denied", message: "Denied." })

  test("An event in doubt that is rejected fails with the error that left it in doubt", () => {
    const { submission, stats } = submit(2)
    markInDoubt({ submission, offset: 1, rows: 1 }, lost)
    settle({ submission, offset: 0, rows: 2 }, { status: "rejected", error: refused })
    expect(submission.outcomes).toEqual([
      { status: "rejected", error: refused },
      { status: "failed", error: lost },
    ])
    expect(stats).toMatchObject({ rejected: 1, failed: 1 })
  })

  test("An event in doubt that fails keeps its last error, which becomes ambiguous", () => {
    const { submission } = submit(2)
    markInDoubt({ submission, offset: 1, rows: 1 }, lost)
    settle({ submission, offset: 0, rows: 2 }, { status: "failed", error: denied })
    expect(submission.outcomes).toMatchObject([
      { error: { code: "access_denied", ambiguous: false } },
      { error: { code: "access_denied", ambiguous: true, name: "ConfigError" } },
    ])
  })

  test("An event in doubt that is stored is stored", () => {
    const { submission, stats } = submit(1)
    markInDoubt({ submission, offset: 0, rows: 1 }, lost)
    settle({ submission, offset: 0, rows: 1 }, stored)
    expect(submission.outcomes).toEqual([stored])
    expect(stats).toMatchObject({ stored: 1, failed: 0 })
  })
})
