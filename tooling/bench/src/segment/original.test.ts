import { toOriginalBody, toPayload } from "@singlesink/conformance/segment-original"
import { createDestination } from "@singlesink/segment"
import { expect, test } from "vitest"
import { createEvents } from "../events.ts"
import { createSendBatch, toSettings } from "./framework.ts"
import { createNoop, createOriginal } from "./original.ts"
import { record } from "./recording.ts"

const events = createEvents("2 KB", 40)

test("The original sends its known body with the values mapped by the framework, and all events share one answer", async () => {
  const answers: unknown[] = []
  const bodies = await record(async url => {
    answers.push(...(await createSendBatch(createOriginal(), toSettings(url))(events)))
  })
  expect(bodies.map(body => JSON.parse(body))).toEqual([
    JSON.parse(toOriginalBody(events.map(toPayload), "events", "segment_data")),
  ])
  expect(answers).toHaveLength(events.length)
  expect(answers[0]).toMatchObject({ status: 200, body: { lastInsertId: 0 } })
})

test("The framework recognizes our answers, one for each event", async () => {
  const answers: unknown[] = []
  await record(async url => {
    answers.push(...(await createSendBatch(createDestination({ protocol: "http" }), toSettings(url))(events)))
  })
  expect(answers).toHaveLength(events.length)
  expect(answers[39]).toMatchObject({ status: 200, body: "stored" })
})

test("The floor sends nothing, and the framework takes every event as stored", async () => {
  const answers: unknown[] = []
  const bodies = await record(async url => {
    answers.push(...(await createSendBatch(createNoop(), toSettings(url))(events)))
  })
  expect([bodies, answers.length]).toEqual([[], events.length])
})

test("The original and the floor have thirteen fields, and every destination has a unique name without a space", () => {
  const definitions = [createOriginal(), createNoop()]
  for (const { actions, presets } of definitions) {
    expect(Object.keys(actions.send?.fields ?? {})).toHaveLength(13)
    expect(Object.keys(presets?.[0]?.mapping ?? {})).toHaveLength(13)
  }
  const names = [...definitions, createDestination()].map(({ name }) => name)
  expect(new Set(names).size).toBe(3)
  expect(names.join("")).not.toContain(" ")
})
