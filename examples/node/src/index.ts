import { createSink, createTableSql } from "@singlesink/core"
import { database, fetch } from "./database.js"

await database.exec(createTableSql({ table: "segment_data" }))
const sink = createSink({ transport: database, table: "segment_data" })

// One event: the promise resolves when its row is committed.
await sink.write({
  messageId: "signup-1",
  type: "track",
  event: "Signed Up",
  userId: "u1",
  properties: { plan: "pro" },
  timestamp: new Date(),
})

// A batch: one outcome for each event, in the same order. An invalid event does not affect the others.
const outcomes = await sink.writeBatch([
  { messageId: "page-1", type: "page", name: "Pricing", userId: "u1", timestamp: new Date() },
  { messageId: "page-2", type: "page", name: "Docs", userId: "u1", timestamp: "yesterday" },
])
for (const outcome of outcomes) {
  console.log(outcome.status === "stored" ? "stored" : `${outcome.status}: ${outcome.error.message}`)
}

// Sent again, as after a retry: the table still has one row for each messageId.
await sink.write({ messageId: "signup-1", type: "track", event: "Signed Up", timestamp: new Date() })

const rows = await database.query("SELECT messageId, type, event, name FROM segment_data ORDER BY messageId")
console.table(rows)

await sink.close()
await fetch.close()
