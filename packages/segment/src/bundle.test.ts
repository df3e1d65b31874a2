import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import { withBundle } from "./testing/bundle.ts"

const program = `
import { Destination } from "@segment/actions-core"
import destination, { createDestination } from "@singlesink/segment"

const events = [{ messageId: "m1", timestamp: "yesterday", type: "page" }]
const mapping = { ...destination.presets[0].mapping }
const settings = { host: "db.example.com", username: "u", password: "p", dbName: "d" }
const hosted = new Destination(createDestination())
hosted.executeBatch("send", { events, mapping, settings }).then(responses => {
  console.log(JSON.stringify(responses.map(({ status, body }) => ({ status, body }))))
})
`

test("A program that imports the package runs as a bundle, and its actions-core recognises the responses", async () => {
  const { stdout } = await withBundle(program, path => promisify(execFile)(process.execPath, [path]))
  expect(JSON.parse(stdout)).toEqual([{ status: 400, body: "invalid_timestamp" }])
}, 60_000)
