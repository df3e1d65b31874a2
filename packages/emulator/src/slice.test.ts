import { expect, test } from "vitest"
import { startEmulator } from "./index.ts"

test("slice", async () => {
  const e = await startEmulator()
  const call = async (path: string, body: unknown) => {
    const r = await fetch(e.url + path, {
      method: "POST",
      headers: { authorization: "Basic " + btoa("root:"), "content-type": "application/json" },
      body: JSON.stringify(body),
    })
    return [r.status, await r.text()]
  }
  const x = async (sql: string, args: unknown[] = []) =>
    console.log(sql.slice(0, 200), ...(await call("/api/v2/exec", { sql, args, database: "events" })))
  const q = async (sql: string, args: unknown[] = []) =>
    console.log(sql.slice(0, 200), ...(await call("/api/v2/query/rows", { sql, args, database: "events" })))
  await x(
    "CREATE TABLE IF NOT EXISTS `t` (`messageId` TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, timestamp DATETIME(6) NOT NULL, n BIGINT, d DECIMAL(10,2), f DOUBLE, properties JSON, context JSON, SHARD KEY (messageId), SORT KEY (timestamp), UNIQUE KEY (messageId) USING HASH) AUTOSTATS_CARDINALITY_MODE=PERIODIC AUTOSTATS_HISTOGRAM_MODE=CREATE SQL_MODE='STRICT_ALL_TABLES';",
  )
  await x(
    "INSERT IGNORE INTO t (messageId, timestamp, n, d, f, properties, context) VALUES (?,?,?,?,?,?,?),('b','2024-02-01',9223372036854775807,1.5,1e3,'{\"price\": 7, \"2\":1,\"10\":2}',NULL)",
    [
      "a\0",
      "2024-01-02 03:04:05.678",
      5,
      2,
      0.5,
      { price: 3, flag: true, s: "x'y" },
      { page: { url: "u", title: null } },
    ],
  )
  await x("INSERT INTO t (messageId, timestamp) VALUES (?,?),(?,?)", ["c", "2024-01-01", "b", "2024-01-01"])
  await q("SELECT * FROM t ORDER BY messageId")
  await q(
    "SELECT context::page::$url AS url, context::page, properties::price > 5 p, SUM(n), COUNT(*) c FROM t WHERE timestamp >= ? AND (properties::flag = true OR 1) GROUP BY 1,2,3 ORDER BY c DESC, url",
    ["2024-01-01"],
  )
  await q(
    "SELECT d / 3, n % 2, AVG(n) OVER (PARTITION BY messageId ORDER BY timestamp), 1/3, DATE(timestamp), DATE_TRUNC('day', timestamp) x FROM t LIMIT ?",
    [10],
  )
  await q(
    "WITH w AS (SELECT messageId m, n FROM t) SELECT a.m, COALESCE(b.n, 0) FROM w a LEFT JOIN w AS b ON a.m = b.m AND b.m <> 'b' UNION ALL SELECT 'z', NULL ORDER BY m",
  )
  await q(
    "SELECT COLUMN_NAME, column_type, COLUMN_KEY FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position",
    ["t"],
  )
  await q("SHOW TABLES")
  await q("SELECT 1")
  await q("SELECT FOO(1)")
  await q("SELECT nope FROM t")
  console.log(e.requests.length)
  const many = "INSERT INTO t (messageId, timestamp) VALUES "
  await e.close()
  expect(many).toBeTruthy()
})
