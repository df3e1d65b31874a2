import { test } from "vitest"
import { startEmulator } from "./index.ts"
test("perf", async () => {
  const e = await startEmulator()
  const exec = async (sql: string, args: unknown[] = []) => { const r = await fetch(`${e.url}/api/v2/exec`, { method: "POST", headers: { authorization: `Basic ${btoa("root:")}`, "content-type": "application/json" }, body: JSON.stringify({ sql, args, database: "events" }) }); const t = await r.text(); if (r.status !== 200) throw new Error(t.slice(0,300)) ; return t }
  await exec("CREATE TABLE t (messageId TEXT NOT NULL, timestamp DATETIME(6) NOT NULL, type TEXT NOT NULL, event TEXT, name TEXT, properties JSON, userId TEXT, anonymousId TEXT, groupId TEXT, traits JSON, context JSON, SHARD KEY (messageId), SORT KEY (timestamp), UNIQUE KEY (messageId) USING HASH)")
  const cols = "(messageId, timestamp, type, event, name, properties, userId, anonymousId, groupId, traits, context)"
  const row = (i: number) => [`m${i}-${"x".repeat(20)}`, "2024-01-01 00:00:00.000001", "track", "Signed Up", null, { plan: "pro", price: 12.5, list: [1,2,3], note: "y".repeat(150) }, `u${i}`, null, null, null, { page: { url: "https://example.com/a", title: "t".repeat(120) }, userAgent: "Mozilla ".repeat(20), library: { name: "a", version: "1" } }]
  const tuple = `(${Array(11).fill("?").join(", ")})`
  for (let k = 0; k < 6; k++) {
    const rows = Array.from({ length: 1000 }, (_, i) => row(k * 1000 + i))
    const sql = `INSERT IGNORE INTO t ${cols} VALUES ${rows.map(() => tuple).join(", ")}`
    const bytes = JSON.stringify({ sql, args: rows.flat(), database: "events" }).length
    const t = performance.now(); const out = await exec(sql, rows.flat()); console.log("1000 rows", bytes, (performance.now() - t).toFixed(1), out)
  }
  const t = performance.now()
  for (let i = 0; i < 552; i++) await exec(`INSERT IGNORE INTO t ${cols} VALUES ${tuple}`, row(100000 + i))
  console.log("552", (performance.now() - t).toFixed(0))
  const sql = `INSERT IGNORE INTO t (messageId, timestamp, type) VALUES ${Array(5000).fill("(?, ?, ?)").join(", ")}`
  for (let k = 0; k < 3; k++) { const t2 = performance.now(); await exec(sql, Array.from({ length: 5000 }, (_, i) => [`z${k}-${i}`, "2024-01-01", "track"]).flat()); console.log("5000 tuples", (performance.now() - t2).toFixed(0)) }
  await e.close()
})
