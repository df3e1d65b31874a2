import { DeliveryError } from "@singlesink/core"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { formatTime, halve, parseTime, type Range } from "./range.ts"
import { retry } from "./retry.ts"
import { toMissingCount } from "./statements.ts"
import { findSteps } from "./steps.ts"

const microseconds = fc.bigInt(parseTime("1000-01-01 00:00:00"), parseTime("9999-12-31 23:59:59.999999"))

test("A time is the same after it is written and read", () => {
  fc.assert(
    fc.property(microseconds, time => {
      expect(parseTime(formatTime(time))).toBe(time)
    }),
  )
  expect(parseTime("2026-01-02")).toBe(parseTime("2026-01-02 00:00:00.000000"))
  expect(formatTime(parseTime("1969-12-31 23:59:59.999999"))).toBe("1969-12-31 23:59:59.999999")
  expect(() => parseTime("0000-00-00 00:00:00")).toThrow("a time that cannot be read")
})

test("The halves of a range are neighbours and together the range", () => {
  fc.assert(
    fc.property(microseconds, microseconds, (one, other) => {
      const [from, to] = one < other ? [one, other] : [other, one]
      const halves = halve({ time: { from, to } })
      if (from === to) {
        expect(halves).toBeUndefined()
        return
      }
      const [first, second] = halves ?? []
      expect([first?.time?.from, second?.time?.to]).toEqual([from, to])
      expect((first?.time?.to ?? 0n) + 1n).toBe(second?.time?.from)
    }),
  )
})

const row = fc.record({ time: fc.bigInt(0n, 20n), id: fc.stringMatching(/^[a-f]{1,2}$/) })

test("The steps have every row once, and at most so many rows unless they have the same time and id", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 60 }),
      fc.integer({ min: 1, max: 10 }),
      async (rows, maxRows) => {
        const inRange = ({ time, ids }: Range) =>
          rows.filter(
            row =>
              (time === undefined || (row.time >= time.from && row.time <= time.to)) &&
              (ids?.after === undefined || row.id > ids.after) &&
              (ids?.upTo === undefined || row.id <= ids.upTo),
          )
        const seen: typeof rows = []
        const steps = findSteps(
          { time: { from: 0n, to: 20n } },
          {
            maxRows,
            measure: async range => ({ rows: inRange(range).length, isCopied: false }),
            idAt: async (range, count) =>
              inRange(range)
                .map(({ id }) => id)
                .sort()[count - 1],
          },
        )
        for await (const step of steps) {
          const found = inRange(step.range)
          const last = found
            .map(({ id }) => id)
            .sort()
            .at(-1)
          const beforeLast = found.filter(({ id }) => id !== last).length
          expect(found.length <= maxRows || beforeLast < maxRows).toBe(true)
          seen.push(...found)
        }
        expect(seen).toHaveLength(rows.length)
        expect(new Set(seen).size).toBe(rows.length)
      },
    ),
  )
})

test("Ids with another collation are compared as the new key compares them", () => {
  const layout = {
    ...{ createSql: "", columns: ["id"], id: "id", isIdLong: false, time: undefined },
    ...{ required: [], texts: [], notes: [] },
  }
  const route = { from: "old", to: "new" }
  expect(toMissingCount(route, { ...layout, isBinary: true }, {}).sql).toContain("ON n.`id` = o.`id` WHERE")
  expect(toMissingCount(route, { ...layout, isBinary: false }, {}).sql).toContain(
    "ON n.`id` = (o.`id` :> LONGTEXT COLLATE utf8mb4_bin) WHERE",
  )
})

describe("retry", () => {
  const fail = (code: "timeout" | "lock_timeout") => new DeliveryError({ code, message: "Failed." })

  /** Fails so many times, and records the waiting times. */
  async function run(failures: readonly Error[]) {
    const waits: number[] = []
    const left = [...failures]
    const result = retry(
      async attempt => {
        const error = left.shift()
        if (error !== undefined) throw error
        return attempt
      },
      { sleep: async ms => void waits.push(ms) },
    )
    return { waits, result: await result.catch((error: Error) => error) }
  }

  test("The first repetition comes at once, and later ones wait longer and longer", async () => {
    const five = Array.from({ length: 5 }, () => fail("lock_timeout"))
    expect(await run(five)).toEqual({ waits: [1_000, 2_000, 4_000, 8_000], result: 5 })
    expect((await run([...five, fail("lock_timeout")])).result).toMatchObject({ code: "lock_timeout" })
  })

  test("A timeout is repeated once, and other errors are not", async () => {
    expect((await run([fail("timeout")])).result).toBe(1)
    expect((await run([fail("timeout"), fail("timeout")])).result).toMatchObject({ code: "timeout" })
    expect((await run([new Error("Unexpected.")])).result).toMatchObject({ message: "Unexpected." })
  })
})
