import { createSink, createTableSql } from "@singlesink/core"
import { columns } from "./columns.js"
import { contract } from "./contract.js"
import { database, fetch } from "./database.js"

const table = "orders"
await database.exec(createTableSql({ table, columns }))
const sink = createSink({ transport: database, table, columns, validate: contract })

const timestamp = new Date()
const outcomes = await sink.writeBatch([
  {
    messageId: "o1",
    type: "track",
    event: "Order Completed",
    userId: "u1",
    properties: { orderId: "1001", revenue: 49.9, currency: "EUR" },
    context: { location: { country: "DE" } },
    timestamp,
  },
  {
    messageId: "o2",
    type: "track",
    event: "Order Completed",
    userId: "u1",
    properties: { orderId: "1002", revenue: "49,90", currency: "CHF" },
    timestamp,
  },
  {
    messageId: "s1",
    type: "track",
    event: "Signed Up",
    userId: "u2",
    properties: { plan: "pro" },
    timestamp,
  },
])
for (const outcome of outcomes) {
  console.log(outcome.status === "stored" ? "stored" : `${outcome.status}: ${outcome.error.message}`)
}

console.table(
  await database.query("SELECT messageId, event, plan, revenue, country FROM orders ORDER BY messageId"),
)
await sink.close()
await fetch.close()
