import { toPayload, toPeerBody } from "@singlesink/conformance/segment-original"
import { createDestination } from "@singlesink/segment"
import { expect, test } from "vitest"
import { createEvents } from "../events.ts"
import { host, toSettings } from "./framework.ts"
import { createNoDestination, createOriginal } from "./original.ts"
import { record } from "./recording.ts"

const events = createEvents("2 KB", 40)

test("the original sends the body that is known of it, mapped by the framework, and one answer is all events'", async () => {
  const answers: unknown[] = []
  const bodies = await record(async url => {
    answers.push(...(await host(createOriginal(), toSettings(url))(events)))
  })
  expect(bodies.map(body => JSON.parse(body))).toEqual([
    JSON.parse(toPeerBody(events.map(toPayload), "events", "segment_data")),
  ])
  expect(answers).toHaveLength(events.length)
  expect(answers[0]).toMatchObject({ status: 200, body: { lastInsertId: 0 } })
})

test("the framework knows our answers, one for each event", async () => {
  const answers: unknown[] = []
  await record(async url => {
    answers.push(...(await host(createDestination({ protocol: "http" }), toSettings(url))(events)))
  })
  expect(answers).toHaveLength(events.length)
  expect(answers[39]).toMatchObject({ status: 200, body: "stored" })
})

test("the floor sends nothing, and the framework takes all for stored", async () => {
  const answers: unknown[] = []
  const bodies = await record(async url => {
    answers.push(...(await host(createNoDestination(), toSettings(url))(events)))
  })
  expect([bodies, answers.length]).toEqual([[], events.length])
})

test("the original and the floor have thirteen fields, and each its own name without a space", () => {
  const definitions = [createOriginal(), createNoDestination()]
  for (const { actions, presets } of definitions) {
    expect(Object.keys(actions.send?.fields ?? {})).toHaveLength(13)
    expect(Object.keys(presets?.[0]?.mapping ?? {})).toHaveLength(13)
  }
  const names = [...definitions, createDestination()].map(({ name }) => name)
  expect(new Set(names).size).toBe(3)
  expect(names.join("")).not.toContain(" ")
})
