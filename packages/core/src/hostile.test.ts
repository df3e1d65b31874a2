import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Event } from "./event/event.ts"
import { createSink } from "./sink.ts"
import { createTransport, eventOf, eventsOf } from "./testing/transport.ts"

const cycle: Record<string, unknown> = { secret: "hunter2" }
cycle.self = cycle

function deep(depth: number): unknown {
  let value: unknown = "hunter2"
  for (let level = 0; level < depth; level++) value = { a: value }
  return value
}

const throwing = () => {
  throw new Error("hunter2")
}

const revoked = Proxy.revocable({}, {})
revoked.revoke()

type Expected = "stored" | { code: string; column?: string }

/** The subject of a title, an event, and its outcome. */
const hostile: readonly [string, unknown, Expected][] = [
  ["An event of null", null, { code: "not_an_event" }],
  ["An event of undefined", undefined, { code: "not_an_event" }],
  ["An event of 42", 42, { code: "not_an_event" }],
  ["An event of text", "hunter2", { code: "not_an_event" }],
  ["An event in an array", [eventOf(1)], { code: "not_an_event" }],
  ["A function", throwing, { code: "not_an_event" }],
  ["A revoked proxy", revoked.proxy, { code: "invalid_json", column: "messageId" }],
  ["A proxy that throws", new Proxy({}, { get: throwing }), { code: "invalid_json", column: "messageId" }],
  ["An object without a prototype", Object.assign(Object.create(null), eventOf("bare")), "stored"],

  [
    "An event with a cycle",
    eventOf(1, { properties: cycle }),
    { code: "invalid_json", column: "properties" },
  ],
  [
    "An event with a nested BigInt",
    eventOf(1, { properties: { big: 2n } }),
    { code: "invalid_json", column: "properties" },
  ],
  [
    "An event with a BigInt as properties",
    eventOf(1, { properties: 2n }),
    { code: "invalid_json", column: "properties" },
  ],
  [
    "An event with a nested getter that throws",
    eventOf(1, {
      context: {
        a: {
          get b() {
            return throwing()
          },
        },
      },
    }),
    { code: "invalid_json", column: "context" },
  ],
  [
    "An event with a nested toJSON that throws",
    eventOf(1, { context: { a: { toJSON: throwing } } }),
    { code: "invalid_json", column: "context" },
  ],
  [
    "An event with a toJSON that throws in a column",
    eventOf(1, { context: { toJSON: throwing } }),
    { code: "invalid_json", column: "context" },
  ],
  [
    "An event with a nested proxy that throws",
    eventOf(1, { traits: { a: new Proxy({}, { ownKeys: throwing }) } }),
    { code: "invalid_json", column: "traits" },
  ],
  [
    "An event with a revoked proxy as timestamp",
    eventOf(1, { timestamp: revoked.proxy }),
    { code: "invalid_json", column: "timestamp" },
  ],
  [
    "An event with an imitation of a Date",
    eventOf(1, { timestamp: { [Symbol.toStringTag]: "Date" } }),
    { code: "invalid_json", column: "timestamp" },
  ],
  [
    "An event with an object as userId",
    eventOf(1, { userId: { id: "hunter2" } }),
    { code: "invalid_text", column: "userId" },
  ],
  [
    "An event with a symbol as userId",
    eventOf(1, { userId: Symbol("hunter2") }),
    { code: "invalid_text", column: "userId" },
  ],
  [
    "An event with a name of 2 MB",
    eventOf(1, { name: "x".repeat(2_000_000) }),
    { code: "text_too_long", column: "name" },
  ],
  [
    "An event with a nested string of 2 MB",
    eventOf(1, { properties: { x: "x".repeat(2_000_000) } }),
    { code: "row_too_large" },
  ],

  [
    "An event with a getter that throws a revoked proxy",
    Object.defineProperty(eventOf(1), "event", {
      get() {
        throw revoked.proxy
      },
    }),
    { code: "invalid_json", column: "event" },
  ],
  [
    "An event with a getter that throws an imitation of an EventError",
    Object.defineProperty(eventOf(1), "event", {
      get() {
        throw Object.assign(new Error("hunter2"), {
          name: "EventError",
          [Symbol.for("singlesink.error")]: true,
        })
      },
    }),
    { code: "invalid_json", column: "event" },
  ],
  [
    "An event with nested functions and symbols",
    eventOf("f", { properties: { f: throwing, s: Symbol("s"), n: 1 } }),
    "stored",
  ],
  ["An event with a function as properties", eventOf("fp", { properties: throwing }), "stored"],
  [
    "An event with NaN and Infinity",
    eventOf("n", { properties: { n: Number.NaN, i: Number.POSITIVE_INFINITY } }),
    "stored",
  ],
  [
    "An event with lone surrogates",
    eventOf("s", { event: "\udc00", properties: { "\ud800": "\udfff" } }),
    "stored",
  ],
  ["An event with NUL characters", eventOf("n\0", { event: "\0", properties: { "\0": "\0" } }), "stored"],
  [
    "An event with arrays instead of objects",
    eventOf("l", { properties: [1], traits: [], context: [[]] }),
    "stored",
  ],
  [
    "An event with strings instead of objects",
    eventOf("t", { properties: "text", traits: "", context: "{}" }),
    "stored",
  ],
  [
    "An event with numbers instead of objects",
    eventOf("d", { properties: 0, traits: Number.NaN, context: -1.5 }),
    "stored",
  ],
  [
    "An event with __proto__ as a key",
    JSON.parse(
      '{"messageId":"p","timestamp":0,"type":"t","properties":{"__proto__":{"a":1}},"__proto__":{"userId":"x"}}',
    ),
    "stored",
  ],
]

function expectedOf(outcome: {
  status: string
  error?: { code: string; column?: string | undefined }
}): Expected {
  if (outcome.status === "stored") return "stored"
  const { code = "", column } = outcome.error ?? {}
  return column === undefined ? { code } : { code, column }
}

describe("a hostile event", () => {
  const titled = hostile.map(([subject, event, expected]) => {
    if (expected === "stored") return [`${subject} is stored`, event, expected] as const
    const { code, column } = expected
    const where = column === undefined ? "" : ` and the column ${column}`
    return [`${subject} is rejected with ${code}${where}, and without the value`, event, expected] as const
  })

  test.each(titled)("%s", async (_, event, expected) => {
    const [outcome] = await createSink({ transport: createTransport() }).writeBatch([event as Event])
    expect(outcome && expectedOf(outcome)).toEqual(expected)
    if (outcome?.status === "rejected") expect(outcome.error.message).not.toContain("hunter2")
  })

  test("Hostile events do not affect their neighbours", async () => {
    const transport = createTransport()
    const sink = createSink({ transport })
    const events = hostile.flatMap(([, event], index) => [eventOf(`before ${index}`), event as Event])
    const outcomes = await sink.writeBatch([...events, ...eventsOf(40)])
    const neighbours = outcomes.filter((_, index) => index >= events.length || index % 2 === 0)
    expect(neighbours.every(({ status }) => status === "stored")).toBe(true)
    expect(outcomes.filter((_, index) => index < events.length && index % 2 === 1).map(expectedOf)).toEqual(
      hostile.map(([, , expected]) => expected),
    )
    // An event that JSON cannot represent does not even cost a separate request.
    expect(transport.requests).toHaveLength(1)
  })

  test("An event with 10,000 levels is stored or rejected, and its neighbour is stored", async () => {
    const [outcome, neighbour] = await createSink({ transport: createTransport() }).writeBatch([
      eventOf(1, { properties: deep(10_000) }),
      eventOf(2),
    ])
    expect(outcome?.status === "stored" || expectedOf(outcome as never)).toSatisfy(
      value => value === true || (value as { code: string }).code === "invalid_json",
    )
    expect(neighbour?.status).toBe("stored")
  })
})

test("Values that JSON omits or changes are stored as JSON.stringify writes them", async () => {
  const transport = createTransport()
  await createSink({ transport }).writeBatch([
    eventOf(1, { properties: { f: throwing, n: Number.NaN, u: undefined, d: new Date(0), l: [undefined] } }),
    eventOf(2, { properties: throwing, traits: Number.NaN, context: new Date(0) }),
    JSON.parse('{"messageId":"m3","timestamp":0,"type":"t","properties":{"__proto__":{"a":1}}}'),
  ])
  const { args } = JSON.parse(transport.requests[0]?.body ?? "") as { args: unknown[] }
  expect(JSON.stringify(args[5])).toBe('{"n":null,"d":"1970-01-01T00:00:00.000Z","l":[null]}')
  expect(args.slice(16, 22)).toEqual([null, null, null, null, "null", '"1970-01-01T00:00:00.000Z"'])
  expect(JSON.stringify(args[27])).toBe('{"__proto__":{"a":1}}')
})

test("Mapping is deterministic, never throws and mutates nothing, for any event", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.anything({
            withBigInt: true,
            withDate: true,
            withNullPrototype: true,
            withMap: true,
            withSet: true,
          }),
          fc.record(
            {
              messageId: fc.oneof(fc.string(), fc.anything()),
              timestamp: fc.oneof(fc.date(), fc.integer(), fc.string()),
              type: fc.string(),
              properties: fc.anything({ withBigInt: true }),
              context: fc.object(),
            },
            { requiredKeys: [] },
          ),
        ),
        { maxLength: 50 },
      ),
      async values => {
        const events = values as Event[]
        const before = fc.stringify(events)
        const [first, second] = [createTransport(), createTransport()]
        const outcomes = await createSink({ transport: first }).writeBatch(events)
        expect(outcomes).toHaveLength(events.length)
        expect(outcomes.every(({ status }) => status === "stored" || status === "rejected")).toBe(true)
        const again = await createSink({ transport: second }).writeBatch(events)
        expect(again).toEqual(outcomes)
        expect(second.requests).toEqual(first.requests)
        expect(fc.stringify(events)).toBe(before)
      },
    ),
  )
})
