import { expect, test } from "vitest"
import { createEvents } from "./events.ts"

test.each([
  ["0.8 KB", 800],
  ["2 KB", 2_000],
] as const)("Events of %s have %d bytes on average and differ by less than 30 %% from it", (size, bytes) => {
  const sizes = createEvents(size, 1_000).map(event => Buffer.byteLength(JSON.stringify(event)))
  const average = sizes.reduce((sum, each) => sum + each, 0) / sizes.length
  expect(average / bytes).toBeGreaterThan(0.95)
  expect(average / bytes).toBeLessThan(1.05)
  expect(Math.min(...sizes) / bytes).toBeGreaterThan(0.7)
  expect(Math.max(...sizes) / bytes).toBeLessThan(1.3)
})

test("The same seed creates the same events, and another seed creates others", () => {
  expect(createEvents("0.8 KB", 5, 7)).toEqual(createEvents("0.8 KB", 5, 7))
  expect(createEvents("0.8 KB", 5, 7)).not.toEqual(createEvents("0.8 KB", 5, 8))
})

test("Events have unique ids, timestamps on every day of a month, and some non-ASCII text", () => {
  const events = createEvents("0.8 KB", 5_000)
  expect(new Set(events.map(event => event.messageId)).size).toBe(5_000)
  expect(new Set(events.map(event => String(event.timestamp).slice(8, 10))).size).toBe(31)
  const share = events.filter(event => /[^\p{ASCII}]/u.test(JSON.stringify(event))).length / events.length
  expect(share).toBeGreaterThan(0.2)
  expect(share).toBeLessThan(0.8)
})

test("Of ten events six are tracks, three are pages and one is an identify", () => {
  const events = createEvents("2 KB", 5_000)
  const share = (type: string) => events.filter(event => event.type === type).length / events.length
  expect(share("track")).toBeCloseTo(0.6, 1)
  expect(share("page")).toBeCloseTo(0.3, 1)
  expect(share("identify")).toBeCloseTo(0.1, 1)
})
