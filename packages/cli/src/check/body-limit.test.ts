import { ConfigError } from "@singlesink/core"
import fc from "fast-check"
import { expect, test } from "vitest"
import { findLimit } from "./body-limit.ts"

const refusal = new ConfigError({ code: "request_too_large", message: "Too large." })

test("For every limit the largest body that passed is at most the limit, and less than two percent below it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1_000, max: 40_000_000 }), async limit => {
      const { passed, refusal: found } = await findLimit(
        async bytes => (bytes > limit ? refusal : undefined),
        1_000_000,
        64_000_000,
      )
      expect(found).toBe(refusal)
      expect(passed).toBeLessThanOrEqual(limit)
      expect(passed).toBeGreaterThan(limit * 0.96)
    }),
  )
})

test("Without a limit the largest body of the probe passes, after one request for each doubling", async () => {
  const sizes: number[] = []
  const limit = await findLimit(
    async bytes => {
      sizes.push(bytes)
      return undefined
    },
    1_000_000,
    64_000_000,
  )
  expect(limit).toEqual({ passed: 64_000_000, refusal: undefined })
  expect(sizes.map(bytes => bytes / 1_000_000)).toEqual([1, 2, 4, 8, 16, 32, 64])
})

test("A server that refuses everything is asked until the body is too small to matter", async () => {
  const { passed } = await findLimit(async () => refusal, 1_000_000, 64_000_000)
  expect(passed).toBe(0)
})
