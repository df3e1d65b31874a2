import { appendFile } from "node:fs/promises"
import { createInterface } from "node:readline"
import { createSink, createTableSql, isSinkError } from "@singlesink/core"
import { database, fetch } from "./database.js"

const undeliveredFile = "undelivered.ndjson"

await database.exec(createTableSql({ table: "segment_data" }))
const sink = createSink({ transport: database, table: "segment_data", limits: { maxQueuedRows: 10_000 } })

// Lines of stdin stand for any source: a queue, a socket, a file.
const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
process.once("SIGTERM", () => lines.close())
process.once("SIGINT", () => lines.close())

for await (const line of lines) {
  if (line === "") continue
  // Waits while the queue is full, so the source is read only as fast as the database stores.
  await sink.ready()
  sink.write(JSON.parse(line)).catch(error => {
    const isRejected = isSinkError(error) && error.name === "EventError"
    console.error(`${isRejected ? "rejected" : "failed"}: ${error.message}`)
  })
}

// Stores what has been read. What has no outcome in time is kept, and can be sent again without duplicates.
const { undelivered } = await sink.close({ deadlineMs: 20_000 })
for (const event of undelivered) await appendFile(undeliveredFile, `${JSON.stringify(event)}\n`)
await fetch.close()

const { received, stored, duplicates, rejected, failed } = sink.stats()
console.log(
  `${received} read = ${stored} stored (${duplicates} duplicates) + ${rejected} rejected + ${failed} failed`,
)
if (undelivered.length > 0) console.error(`${undelivered.length} events are in ${undeliveredFile}.`)
