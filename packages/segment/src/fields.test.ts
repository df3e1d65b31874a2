import { Destination, type SegmentEvent } from "@segment/actions-core"
import { defaultColumns } from "@singlesink/core"
import { expect, test } from "vitest"
import { extraColumns, toFieldName } from "./columns.ts"
import { presets, sendFields } from "./fields.ts"
import destination from "./index.ts"
import { settingFields } from "./settings.ts"

test("The settings have the names and defaults of Segment's own destination", () => {
  expect(Object.entries(settingFields).map(([name, field]) => [name, field.default])).toEqual([
    ["host", undefined],
    ["port", "443"],
    ["username", undefined],
    ["password", undefined],
    ["dbName", undefined],
    ["tableName", "segment_data"],
  ])
})

test("The form has a field with a label and a description for each column", () => {
  for (const column of [...defaultColumns, ...extraColumns]) {
    const field = sendFields[toFieldName(column)]
    expect(field?.label).not.toBe(column.name.toLowerCase())
    expect(field?.description).not.toBe("")
  }
})

test("A field that Segment's own form lacks has no default, so saved mappings do not change", () => {
  const saved = ["messageid", "timestamp", "type", "event", "name", "properties", "userId", "anonymousId"]
  saved.push("groupId", "traits", "context", "enable_batching", "max_batch_size")
  for (const [name, field] of Object.entries(sendFields)) {
    if (saved.includes(name)) expect(field.default, name).toBeDefined()
    else if (!name.startsWith("batch_")) expect(field.default, name).toBeUndefined()
  }
  expect(sendFields.batch_size).toMatchObject({ default: 1000, maximum: 1000 })
  expect(sendFields.batch_bytes?.default).toBeLessThan(1_000_000)
  expect(sendFields.max_batch_size).toMatchObject({ minimum: 1, maximum: 1000, default: 100 })
})

test("The form shows what a user of Segment's own destination knows, and closes what is more", () => {
  const visible = Object.entries(sendFields).filter(([, field]) => field.unsafe_hidden !== true)
  const closed = visible.filter(([, field]) => field.displayMode === "collapsed")
  const known = visible.slice(0, -closed.length)
  expect(known.map(([, { label }]) => label)).toEqual([
    ...["Message ID", "Timestamp", "Event Type", "Event", "Name", "Properties", "User ID", "Anonymous ID"],
    ...["Group ID", "Traits", "Context", "Max Batch Size"],
  ])
  expect(closed.every(([, field]) => field.category !== undefined && field.default === undefined)).toBe(true)
  expect(sendFields.max_batch_size?.required).toBe(true)
  expect(sendFields.timestamp?.type).toBe("string")
  expect(sendFields.type).toMatchObject({ type: "string", dynamic: true })
  expect(sendFields.batch_keys).toMatchObject({ multiple: true, default: ["database", "table"] })
})

test("The preset has the default trigger and the default mapping", () => {
  expect(presets).toMatchObject([{ name: "All events", type: "automatic", partnerAction: "send" }])
  expect(presets[0]).toMatchObject({ subscribe: destination.actions.send?.defaultSubscription })
  expect(presets[0]?.mapping).toMatchObject({ messageid: { "@path": "$.messageId" } })
  expect(presets[0]?.mapping).not.toHaveProperty("message")
})

test("The default trigger does not accept an event of the type delete", async () => {
  const hosted = new Destination(destination)
  const subscription = {
    partnerAction: "send",
    subscribe: String(destination.actions.send?.defaultSubscription),
    mapping: {},
  }
  const event = { type: "delete", messageId: "m1" } as unknown as SegmentEvent
  const [result] = await hosted.onEvent(event, {
    host: "h",
    username: "u",
    password: "p",
    dbName: "d",
    subscription,
  } as never)
  expect(result).toEqual({ output: "not subscribed" })
})
