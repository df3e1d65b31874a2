import { expect, test } from "vitest"
import type { LiveEvent } from "../../src/live/protocol.ts"
import { filterEvents, noFilters } from "./filters.ts"

const eventOf = (id: number, more: Partial<LiveEvent> = {}): LiveEvent => ({
  id,
  at: 0,
  type: "track",
  name: "Signed Up",
  user: "ab12cd",
  table: "segment_data",
  outcome: "stored",
  milliseconds: 4,
  ...more,
})
const events = [
  eventOf(1),
  eventOf(2, { type: "page", name: "Pricing" }),
  eventOf(3, { outcome: "rejected", code: "invalid_timestamp" }),
]

test.each([
  [{}, [3, 2, 1]],
  [{ text: "sign up" }, [3, 1]],
  [{ text: "UP timestamp" }, [3]],
  [{ text: "segment_data ab12" }, [3, 2, 1]],
  [{ type: "page" }, [2]],
  [{ outcome: "rejected" }, [3]],
  [{ type: "page", outcome: "rejected" }, []],
] as const)("The filters %j show the matching events, newest first", (filters, ids) => {
  expect(filterEvents(events, { ...noFilters, ...filters }).map(({ id }) => id)).toEqual(ids)
})

test("The list shows at most 200 events", () => {
  const many = Array.from({ length: 500 }, (_, index) => eventOf(index))
  const shown = filterEvents(many, noFilters)
  expect([shown.length, shown[0]?.id]).toEqual([200, 499])
})
