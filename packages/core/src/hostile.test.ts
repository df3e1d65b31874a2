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

const hostile: readonly [string, unknown, Expected][] = [
  ["null", null, { code: "not_an_event" }],
  ["undefined", undefined, { code: "not_an_event" }],
  ["42", 42, { code: "not_an_event" }],
  ["text", "hunter2", { code: "not_an_event" }],
  ["a list", [eventOf(1)], { code: "not_an_event" }],
  ["a function", throwing, { code: "not_an_event" }],
  ["a revoked proxy", revoked.proxy, { code: "invalid_json", column: "messageId" }],
  ["a proxy that throws", new Proxy({}, { get: throwing }), { code: "invalid_json", column: "messageId" }],
  ["an object without prototype", Object.assign(Object.create(null), eventOf("bare")), "stored"],

  ["a cycle", eventOf(1, { properties: cycle }), { code: "invalid_json", column: "properties" }],
  ["a BigInt inside", eventOf(1, { properties: { big: 2n } }), { code: "invalid_json", column: "properties" }],
  ["a BigInt as properties", eventOf(1, { properties: 2n }), { code: "invalid_json", column: "properties" }],
  [
    "a getter inside that throws",
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
    "a toJSON inside that throws",
    eventOf(1, { context: { a: { toJSON: throwing } } }),
    { code: "invalid_json", column: "context" },
  ],
  [
    "a toJSON that throws",
    eventOf(1, { context: { toJSON: throwing } }),
    { code: "invalid_json", column: "context" },
  ],
  [
    "a proxy inside that throws",
    eventOf(1, { traits: { a: new Proxy({}, { ownKeys: throwing }) } }),
    { code: "invalid_json", column: "traits" },
  ],
  [
    "a revoked proxy as time",
    eventOf(1, { timestamp: revoked.proxy }),
    { code: "invalid_json", column: "timestamp" },
  ],
  [
    "what pretends to be a Date",
    eventOf(1, { timestamp: { [Symbol.toStringTag]: "Date" } }),
    { code: "invalid_json", column: "timestamp" },
  ],
  ["an object as userId", eventOf(1, { userId: { id: "hunter2" } }), { code: "invalid_text", column: "userId" }],
  ["a symbol as userId", eventOf(1, { userId: Symbol("hunter2") }), { code: "invalid_text", column: "userId" }],
  [
    "a text of 2 MB as name",
    eventOf(1, { name: "x".repeat(2_000_000) }),
    { code: "text_too_long", column: "name" },
  ],
  [
    "a text of 2 MB inside",
    eventOf(1, { properties: { x: "x".repeat(2_000_000) } }),
    { code: "row_too_large" },
  ],

  [
    "a getter that throws a revoked proxy",
    Object.defineProperty(eventOf(1), "event", {
      get() {
        throw revoked.proxy
      },
    }),
    { code: "invalid_json", column: "event" },
  ],
  [
    "a getter that throws what looks like an error of ours",
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
    "functions and symbols inside",
    eventOf("f", { properties: { f: throwing, s: Symbol("s"), n: 1 } }),
    "stored",
  ],
  ["a function as properties", eventOf("fp", { properties: throwing }), "stored"],
  [
    "NaN and Infinity",
    eventOf("n", { properties: { n: Number.NaN, i: Number.POSITIVE_INFINITY } }),
    "stored",
  ],
  ["lone surrogates", eventOf("s\ud800", { event: "\udc00", properties: { "\ud800": "\udfff" } }), "stored"],
  ["NUL", eventOf("n\0", { event: "\0", properties: { "\0": "\0" } }), "stored"],
  [
    "a list where an object is expected",
    eventOf("l", { properties: [1], traits: [], context: [[]] }),
    "stored",
  ],
  [
    "text where an object is expected",
    eventOf("t", { properties: "text", traits: "", context: "{}" }),
    "stored",
  ],
  [
    "numbers where an object is expected",
    eventOf("d", { properties: 0, traits: Number.NaN, context: -1.5 }),
    "stored",
  ],
  [
    "__proto__ as a key",
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

describe("a hostile event ends stored, or refused with the column and never the value", () => {
  test.each(hostile)("%s", async (_, event, expected) => {
    const [outcome] = await createSink({ transport: createTransport() }).writeBatch([event as Event])
    expect(outcome && expectedOf(outcome)).toEqual(expected)
    if (outcome?.status === "rejected") expect(outcome.error.message).not.toContain("hunter2")
  })

  test("and never costs its neighbours", async () => {
    const transport = createTransport()
    const sink = createSink({ transport: transport })
    const events = hostile.flatMap(([, event], index) => [
      eventOf(`before ${index}`),
      event as Event,
    ])
    const outcomes = await sink.writeBatch([...events, ...eventsOf(40)])
    const neighbours = outcomes.filter((_, index) => index >= events.length || index % 2 === 0)
    expect(neighbours.every(({ status }) => status === "stored")).toBe(true)
    expect(outcomes.filter((_, index) => index < events.length && index % 2 === 1).map(expectedOf)).toEqual(
      hostile.map(([, , expected]) => expected),
    )
    // One that JSON cannot hold does not even cost a request of its own.
    expect(transport.requests).toHaveLength(1)
  })

  test("a depth of 10,000 is one or the other, and the neighbour is stored", async () => {
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

test("what JSON leaves out or changes is what JSON.stringify makes of it", async () => {
  const transport = createTransport()
  await createSink({ transport: transport }).writeBatch([
    eventOf(1, { properties: { f: throwing, n: Number.NaN, u: undefined, d: new Date(0), l: [undefined] } }),
    eventOf(2, { properties: throwing, traits: Number.NaN, context: new Date(0) }),
    JSON.parse('{"messageId":"m3","timestamp":0,"type":"t","properties":{"__proto__":{"a":1}}}'),
  ])
  const { args } = JSON.parse(transport.requests[0]?.body ?? "") as { args: unknown[] }
  expect(JSON.stringify(args[5])).toBe('{"n":null,"d":"1970-01-01T00:00:00.000Z","l":[null]}')
  expect(args.slice(16, 22)).toEqual([null, null, null, null, "null", '"1970-01-01T00:00:00.000Z"'])
  expect(JSON.stringify(args[27])).toBe('{"__proto__":{"a":1}}')
})

test("mapping never throws, is deterministic and mutates nothing, whatever the event", async () => {
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
