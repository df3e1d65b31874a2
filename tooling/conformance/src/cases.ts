import { deepEqual, equal, ok } from "node:assert/strict"
import { readFixtures } from "@singlesink/fixtures"
import { type StoredRow, toExpectedRow } from "./expected-row.ts"
import type { HostUnderTest } from "./host.ts"

/** The means of a case: the host, and direct access to its table. */
export interface TestBed {
  host: HostUnderTest
  /** The rows of the table, ordered by messageId. */
  rows(): Promise<StoredRow[]>
}

/** One requirement that every host must meet. It uses the assertions of Node, so that it runs with or without Vitest. */
export interface Case {
  /** A full sentence. Skips and mutants refer to the case by it. */
  readonly name: string
  run(bed: TestBed): Promise<void>
}

/** The names of the cases that a host cannot support, each with the reason, which is printed. */
export type Skips = Readonly<Record<string, string>>

type Event = Record<string, unknown>

const eventOf = (messageId: string, rest: Event = {}): Event => ({
  messageId,
  timestamp: "2026-11-22T06:13:12.535Z",
  type: "track",
  event: "Tested",
  userId: "u1",
  ...rest,
})

const byId = (a: { messageId: unknown }, b: { messageId: unknown }) =>
  String(a.messageId) < String(b.messageId) ? -1 : 1

async function expectStored({ host, rows }: TestBed, events: readonly Event[]): Promise<void> {
  deepEqual(
    await host.deliver(events),
    events.map(() => "stored"),
  )
  deepEqual(await rows(), events.map(toExpectedRow).sort(byId))
}

/** Values that other sinks have lost or changed. */
const values: Readonly<Record<string, unknown>> = {
  null: null,
  "emoji and other scripts": "😀 北京 محمد é",
  "nested JSON": { a: [{ b: [1, [2, { c: null }]] }], empty: {}, none: [] },
  "characters that HTML and SQL escape": "<b>&amp;</b> \\ ' \" ` % ; -- /*",
  "0.1 + 0.2": 0.1 + 0.2,
  "the largest safe integer": 9007199254740991,
  "a very small number": 1e-7,
  booleans: [true, false],
  "control characters": "tab\t newline\n carriage\r",
  "a key with dots, spaces and quotes": { "a.b c`d'e\"f": 1 },
}

export const cases: readonly Case[] = [
  {
    name: "The host stores events of every type",
    run: bed =>
      expectStored(bed, [
        eventOf("track", { properties: { plan: "pro" } }),
        eventOf("identify", { type: "identify", event: undefined, traits: { email: "a@example.com" } }),
        eventOf("page", { type: "page", event: undefined, name: "Home", properties: { path: "/" } }),
        eventOf("screen", { type: "screen", event: undefined, name: "Start" }),
        eventOf("group", { type: "group", event: undefined, groupId: "g1", traits: { name: "Example" } }),
        eventOf("alias", { type: "alias", event: undefined, previousId: "u0" }),
      ]),
  },
  {
    name: "The host stores every event of real clients, value by value",
    run: bed => expectStored(bed, readFixtures()),
  },
  {
    name: "The host stores an event once, however often it is delivered",
    async run({ host, rows }) {
      const twice = [eventOf("m1"), eventOf("m1"), eventOf("m2")]
      deepEqual(await host.deliver(twice), ["stored", "stored", "stored"])
      deepEqual(await host.deliver(twice), ["stored", "stored", "stored"])
      deepEqual(
        (await rows()).map(row => row.messageId),
        ["m1", "m2"],
      )
    },
  },
  {
    name: "The host distinguishes ids that differ only in case or by a trailing space",
    run: bed =>
      expectStored(
        bed,
        ["id", "ID", "id "].map(id => eventOf(id)),
      ),
  },
  {
    name: "The host returns outcomes in the order of the events",
    async run({ host, rows }) {
      const isBad = [false, true, false, false, true, true, false]
      const events = isBad.map((bad, index) =>
        eventOf(`m${index}`, bad ? { timestamp: "2026-02-30T00:00:00Z" } : {}),
      )
      deepEqual(
        await host.deliver(events),
        isBad.map(bad => (bad ? "rejected" : "stored")),
      )
      deepEqual(
        (await rows()).map(row => row.messageId),
        ["m0", "m2", "m3", "m6"],
      )
    },
  },
  {
    name: "The host stores the neighbours of a bad event",
    async run({ host, rows }) {
      const events = Array.from({ length: 100 }, (_, index) => eventOf(`m${100 + index}`))
      events[50] = { ...events[50], messageId: undefined }
      const outcomes = await host.deliver(events)
      equal(outcomes.filter(outcome => outcome === "stored").length, 99)
      equal(outcomes[50], "rejected")
      equal((await rows()).length, 99)
    },
  },
  {
    name: "The host stores a timestamp with an offset as UTC",
    async run({ host, rows }) {
      const events = [eventOf("m1", { timestamp: "2026-11-22T00:30:00.25+02:00" })]
      deepEqual(await host.deliver(events), ["stored"])
      deepEqual(
        (await rows()).map(row => row.timestamp),
        ["2026-11-21 22:30:00.250000"],
      )
    },
  },
  {
    name: "The host reports an event as stored only when its row is in the table",
    async run({ host, rows }) {
      for (const id of ["m1", "m2", "m3"]) {
        deepEqual(await host.deliver([eventOf(id)]), ["stored"])
        ok((await rows()).some(row => row.messageId === id))
      }
    },
  },
  {
    name: "The host does not modify the events it is passed",
    async run({ host }) {
      const events = [
        eventOf("m1", { context: { traits: { plan: "pro" } } }),
        eventOf("m2", { timestamp: "?" }),
      ]
      const before = structuredClone(events)
      await host.deliver(events)
      deepEqual(events, before)
    },
  },
  ...Object.entries(values).map(
    ([name, value]): Case => ({
      name: `The host keeps ${name} unchanged`,
      run: bed =>
        expectStored(bed, [
          eventOf("m1", { properties: { value }, traits: { value: [value] }, context: { deep: { value } } }),
        ]),
    }),
  ),
  {
    name: "The host keeps properties that are a list",
    run: bed => expectStored(bed, [eventOf("m1", { properties: [1, "two", { three: 3 }] })]),
  },
  {
    name: "The host keeps properties that are a string",
    run: bed => expectStored(bed, [eventOf("m1", { properties: "just a string" })]),
  },
]

/** Throws if a skip names no case, for example because the case was renamed. */
export function checkSkips(skips: Skips): void {
  const unknown = Object.keys(skips).filter(skip => !cases.some(({ name }) => name === skip))
  if (unknown.length > 0) throw new Error(`Unknown case: ${unknown.join(", ")}`)
}
