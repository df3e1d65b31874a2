import { deepEqual, equal, ok } from "node:assert/strict"
import { readFixtures } from "@singlesink/fixtures"
import { type StoredRow, toExpectedRow } from "./expected-row.ts"
import type { HostUnderTest } from "./host.ts"

/** What a case may do: hand events to the host, and look into the table behind its back. */
export interface Stage {
  host: HostUnderTest
  /** The rows of the table, by messageId. */
  rows(): Promise<StoredRow[]>
}

/** One thing that every host must do. It asserts by Node's own means, so that it runs inside a test and outside. */
export interface Case {
  /** A sentence of behaviour; skips and saboteurs name the case by it. */
  readonly name: string
  run(stage: Stage): Promise<void>
}

/** Cases that a host cannot do, each with the reason, which is printed. */
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

async function expectStored({ host, rows }: Stage, events: readonly Event[]): Promise<void> {
  deepEqual(
    await host.deliver(events),
    events.map(() => "stored"),
  )
  deepEqual(await rows(), events.map(toExpectedRow).sort(byId))
}

/** Values that have been lost or changed on this way by somebody. */
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
    name: "stores an event of each type",
    run: stage =>
      expectStored(stage, [
        eventOf("track", { properties: { plan: "pro" } }),
        eventOf("identify", { type: "identify", event: undefined, traits: { email: "a@example.com" } }),
        eventOf("page", { type: "page", event: undefined, name: "Home", properties: { path: "/" } }),
        eventOf("screen", { type: "screen", event: undefined, name: "Start" }),
        eventOf("group", { type: "group", event: undefined, groupId: "g1", traits: { name: "Example" } }),
        eventOf("alias", { type: "alias", event: undefined, previousId: "u0" }),
      ]),
  },
  {
    name: "stores every event that real clients sent, value by value",
    run: stage => expectStored(stage, readFixtures()),
  },
  {
    name: "stores an event once, however often and however near to itself it comes",
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
    name: "tells ids apart that differ in case or in a trailing space only",
    run: stage =>
      expectStored(
        stage,
        ["id", "ID", "id "].map(id => eventOf(id)),
      ),
  },
  {
    name: "gives its verdicts in the order of the events",
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
    name: "stores the neighbours of a bad event",
    async run({ host, rows }) {
      const events = Array.from({ length: 100 }, (_, index) => eventOf(`m${100 + index}`))
      events[50] = { ...events[50], messageId: undefined }
      const verdicts = await host.deliver(events)
      equal(verdicts.filter(verdict => verdict === "stored").length, 99)
      equal(verdicts[50], "rejected")
      equal((await rows()).length, 99)
    },
  },
  {
    name: "stores a time with an offset as UTC",
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
    name: "has the row in the table when it says stored",
    async run({ host, rows }) {
      for (const id of ["m1", "m2", "m3"]) {
        deepEqual(await host.deliver([eventOf(id)]), ["stored"])
        ok((await rows()).some(row => row.messageId === id))
      }
    },
  },
  {
    name: "leaves the events as they were",
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
      name: `keeps ${name} unchanged`,
      run: stage =>
        expectStored(stage, [
          eventOf("m1", { properties: { value }, traits: { value: [value] }, context: { deep: { value } } }),
        ]),
    }),
  ),
  {
    name: "keeps properties that are a list",
    run: stage => expectStored(stage, [eventOf("m1", { properties: [1, "two", { three: 3 }] })]),
  },
  {
    name: "keeps properties that are text",
    run: stage => expectStored(stage, [eventOf("m1", { properties: "just text" })]),
  },
]

/** A skip that names no case would hide that the case has another name now. */
export function checkSkips(skips: Skips): void {
  const unknown = Object.keys(skips).filter(skip => !cases.some(({ name }) => name === skip))
  if (unknown.length > 0) throw new Error(`There is no case named ${unknown.join(", ")}.`)
}
