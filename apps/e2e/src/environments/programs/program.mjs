import { createSink, createTableSql, isSinkError } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"

const fetch = undiciFetch()
const database = createDataApi({
  url: process.env.URL,
  username: "root",
  password: "",
  database: "events",
  fetch,
})
const table = `packed_${process.pid}`
await database.exec(createTableSql({ table }))
const sink = createSink({ transport: database, table })
await sink.write({ messageId: "m1", type: "track", event: "Packed", timestamp: new Date() })
const error = await sink.write({ messageId: "m2", type: "track", timestamp: "no" }).catch(error => error)
const [{ n }] = await database.query(`SELECT COUNT(*) AS n FROM ${table}`)
await sink.close()
await fetch.close()
console.log(`rows ${n}, ${isSinkError(error) ? error.code : error}`)
