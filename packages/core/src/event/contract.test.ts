import { type } from "arktype"
import * as v from "valibot"
import { describe, expect, test } from "vitest"
import { z } from "zod"
import { fromJsonSchema } from "../json-schema.ts"
import type { ObserverEvent } from "../observer.ts"
import type { SinkOptions } from "../options.ts"
import { createSink } from "../sink.ts"
import { createTransport, eventOf, flushMicrotasks, idsIn } from "../testing/transport.ts"
import type { Schema } from "../validation/schema.ts"

const signedUp = (messageId: string, properties: object) =>
  eventOf(messageId, { event: "Signed Up", properties })

function open(options: Pick<SinkOptions, "validate" | "onViolation">) {
  const observed: ObserverEvent[] = []
  const transport = createTransport()
  const sink = createSink({ transport, observe: event => observed.push(event), ...options })
  return { sink, transport, observed }
}

/** The same contract in four notations. */
const contracts: readonly [string, Schema][] = [
  [
    "zod",
    z.object({ properties: z.object({ plan: z.enum(["free", "pro"]), seats: z.number().optional() }) }),
  ],
  [
    "valibot",
    v.object({ properties: v.object({ plan: v.picklist(["free", "pro"]), seats: v.optional(v.number()) }) }),
  ],
  ["arktype", type({ properties: { plan: "'free' | 'pro'", "seats?": "number" } })],
  [
    "JSON Schema",
    fromJsonSchema({
      type: "object",
      required: ["properties"],
      properties: {
        properties: {
          type: "object",
          required: ["plan"],
          properties: { plan: { enum: ["free", "pro"] }, seats: { type: "number" } },
        },
      },
    }),
  ],
]

describe.each(contracts)("a schema of %s", (_, schema) => {
  test("An event that violates the schema is rejected with the paths and without the values", async () => {
    const { sink, transport } = open({ validate: schema })
    const outcomes = await sink.writeBatch([
      signedUp("1", { plan: "pro" }),
      signedUp("2", { plan: "hunter2", seats: "hunter2" }),
      signedUp("3", {}),
      signedUp("4", { plan: "free", seats: 3, other: true }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(["stored", "rejected", "rejected", "stored"])
    expect(outcomes[1]).toMatchObject({
      error: {
        name: "EventError",
        code: "schema_violation",
        message: expect.stringContaining("at properties.plan, properties.seats."),
        issues: [{ path: "properties.plan" }, { path: "properties.seats" }],
      },
    })
    expect(outcomes[2]).toMatchObject({ error: { issues: [{ path: "properties.plan" }] } })
    expect(JSON.stringify(outcomes)).not.toContain("hunter2")
    expect(transport.requests.flatMap(idsIn)).toEqual(["m1", "m4"])
    expect(transport.requests[0]?.body).toContain('{"plan":"free","seats":3,"other":true}')
    expect(sink.stats()).toMatchObject({ stored: 2, rejected: 2, violations: 2 })
  })
})

describe("validate", () => {
  test("A map of schemas checks track events by their name and other events by their type", async () => {
    const { sink } = open({
      validate: {
        "Signed Up": z.object({ properties: z.object({ plan: z.string() }) }),
        identify: z.object({ traits: z.object({ email: z.string() }) }),
      },
    })
    const outcomes = await sink.writeBatch([
      signedUp("1", {}),
      eventOf("2", { event: "Another" }),
      eventOf("3", { type: "identify", event: undefined, traits: {} }),
      eventOf("4", { type: "identify", event: undefined, traits: { email: "a@example.com" } }),
      eventOf("5", { event: "identify" }),
      eventOf("6", { event: "toString" }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...["rejected", "stored", "rejected", "stored", "rejected", "stored"],
    ])
  })

  test("With onViolation: observe a violation is counted and reported, and the event is stored", async () => {
    const { sink, observed } = open({ validate: contracts[0]?.[1], onViolation: "observe" })
    await sink.write(signedUp("1", { plan: "hunter2" }))
    await flushMicrotasks()
    expect(observed).toContainEqual({ type: "violation", paths: ["properties.plan"] })
    expect(sink.stats()).toMatchObject({ stored: 1, violations: 1 })
  })

  test.each<[string, Schema]>([
    [
      "throws",
      {
        "~standard": {
          version: 1,
          validate: () => {
            throw new Error("hunter2")
          },
        },
      },
    ],
    ["transforms the event", z.object({}).transform(() => ({ messageId: "other" }))],
  ])("A schema that %s does not change what is stored", async (_, schema) => {
    const { sink, transport } = open({ validate: schema })
    await sink.write(eventOf("1"))
    expect(transport.requests.flatMap(idsIn)).toEqual(["m1"])
  })

  test("An asynchronous schema fails the event with a ConfigError, and its rejection is handled", async () => {
    const validate = async () => {
      throw new Error("hunter2")
    }
    const { sink } = open({ validate: { "~standard": { version: 1, validate } } })
    const [outcome] = await sink.writeBatch([eventOf("1")])
    expect(outcome).toMatchObject({
      status: "failed",
      error: { name: "ConfigError", code: "invalid_options" },
    })
  })

  test.each([
    undefined,
    null,
    "text",
    { issues: true },
    { issues: [null] },
    { issues: [{ path: null }] },
    { issues: [{ path: [null] }] },
  ])(
    "A schema that returns %j does not change what is stored, and every event has its outcome",
    async result => {
      const validate = (event: unknown) =>
        (event as { messageId: string }).messageId === "m2" ? result : { value: event }
      const { sink } = open({ validate: { "~standard": { version: 1, validate: validate as never } } })
      const outcomes = await sink.writeBatch([eventOf(1), eventOf(2), eventOf(3)])
      expect(outcomes.map(({ status }) => status)).toEqual(["stored", "stored", "stored"])
      expect(sink.stats()).toMatchObject({ pending: 0 })
    },
  )

  test("The error of a check that throws in zod names both causes of a promise", async () => {
    const throwing = z.object({
      event: z.string().refine(() => {
        throw new Error("hunter2")
      }),
    })
    const { sink } = open({ validate: throwing })
    const [outcome] = await sink.writeBatch([signedUp("1", {})])
    expect(outcome).toMatchObject({ error: { message: expect.stringContaining("or a check in it threw") } })
  })

  test("A contract that would check nothing is an error", () => {
    const schema = z.object({})
    for (const validate of [new Map([["E", schema]]), [], [schema], { E: 5 }]) {
      expect(() => open({ validate: validate as never })).toThrow("`validate` must be a Standard Schema")
    }
    expect(() => fromJsonSchema({ $async: true, type: "object" })).toThrow("$async is not supported")
  })

  test("A violation in a thousand places names the first ten", async () => {
    const { sink } = open({ validate: z.object({ properties: z.object({ list: z.array(z.number()) }) }) })
    const [outcome] = await sink.writeBatch([signedUp("1", { list: Array(1_000).fill("hunter2") })])
    expect(outcome).toMatchObject({
      error: { message: expect.stringContaining("properties.list.9 and 990 more places.") },
    })
  })

  test("The root of an event that is not an object is named in words", async () => {
    const { sink } = open({ validate: z.object({}) })
    const [outcome] = await sink.writeBatch([5 as never])
    expect(outcome).toMatchObject({
      error: { code: "schema_violation", issues: [{ path: "the event itself" }] },
    })
  })

  test.each<[string, unknown, string]>([
    ["a function", { validate: () => true }, "`validate` must be a Standard Schema"],
    ["an empty schema", { validate: { "Signed Up": {} } }, "`validate` must be a Standard Schema"],
    ["null", { validate: null }, "`validate` must be a Standard Schema"],
    ["an unknown mode", { onViolation: "warn" }, "`onViolation` must be one of: reject, observe"],
  ])("A contract that is %s is an invalid option", (_, options, part) => {
    expect(() => open(options as never)).toThrow(part)
  })
})
