import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { startEmulator } from "./index.ts"
import { startClient } from "./testing/client.ts"

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "emulator-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

test("A reopened file has its data and its SingleStore types", async () => {
  const file = join(await temporaryFolder(), "events.db")
  const first = await startClient(
    { file },
    "CREATE TABLE Events (id VARCHAR(10) NOT NULL, at DATETIME(6), tags JSON, SHARD KEY (id), UNIQUE KEY (id))",
    "INSERT INTO Events VALUES ('a', '2024-01-02 03:04:05', '[1, 2]')",
  )
  await first.emulator.close()
  const second = await startClient({ file })
  expect(await second.rows("SELECT * FROM Events")).toEqual([
    { id: "a", at: "2024-01-02 03:04:05.000000", tags: [1, 2] },
  ])
  expect(await second.rows("SELECT COLUMN_TYPE FROM information_schema.columns")).toEqual([
    { COLUMN_TYPE: "varchar(10)" },
    { COLUMN_TYPE: "datetime(6)" },
    { COLUMN_TYPE: "json" },
  ])
  expect((await second.exec("INSERT INTO Events (id) VALUES ('a')")).text).toMatch(/^Error 1062/)
})

test("query runs the dialect without HTTP, in the first database by default", async () => {
  const emulator = await startEmulator({ databases: ["shop", "other"] })
  onTestFinished(() => emulator.close())
  expect(await emulator.query("SELECT ? AS x, TRUE AS y", ["a"])).toEqual([{ x: "a", y: 1 }])
  expect(await emulator.query("SHOW TABLES", [], { database: "other" })).toEqual([])
  expect(emulator.requests).toEqual([])
})

test("exec runs any statement without HTTP, without faults and with all privileges", async () => {
  const emulator = await startEmulator({ databases: ["shop", "other"], grants: [] })
  onTestFinished(() => emulator.close())
  await emulator.injectFault({ kind: "respond", status: 503, times: "always" })
  expect(await emulator.exec("CREATE TABLE t (id INT, at DATETIME)")).toEqual({ rowsAffected: 0 })
  const at = new Date("2024-01-02T03:04:05Z").toISOString().slice(0, 19).replace("T", " ")
  expect(await emulator.exec("INSERT INTO t VALUES (?, ?), (2, NULL)", [1, at])).toEqual({ rowsAffected: 2 })
  expect(await emulator.query("SELECT id FROM t WHERE at = ?", [at])).toEqual([{ id: 1 }])
  expect(await emulator.exec("CREATE TABLE t (id INT)", [], { database: "other" })).toEqual({
    rowsAffected: 0,
  })
  await expect(emulator.exec("DROP TABLE nope")).rejects.toThrow("Error 1051 (42S02): Unknown table 'nope'")
  await expect(emulator.exec("SELECT 1")).rejects.toThrow("this statement has a result set")
  expect(emulator.requests).toEqual([])
})

test("close can be called twice, ends kept-alive connections, and frees the port", async () => {
  const emulator = await startEmulator()
  await (await fetch(`${emulator.url}/ping`)).text()
  await Promise.all([emulator.close(), emulator.close()])
  await emulator[Symbol.asyncDispose]()
  await expect(fetch(`${emulator.url}/ping`)).rejects.toThrow()
  const next = await startEmulator({ port: emulator.port })
  expect(next.port).toBe(emulator.port)
  await next.close()
})

test("startEmulator rejects with one sentence if the port is taken", async () => {
  const { emulator } = await startClient()
  await expect(startEmulator({ port: emulator.port })).rejects.toThrow(
    `The emulator cannot listen on 127.0.0.1 port ${emulator.port}: the port is taken. Stop the other server, or choose another port.`,
  )
})

test("startEmulator rejects with one sentence if the file is not a database", async () => {
  const file = join(await temporaryFolder(), "notes.txt")
  await writeFile(file, "x".repeat(10_000))
  const error = await startEmulator({ file }).catch(error => error)
  expect(error.message).toMatch(/^The file .*notes\.txt cannot be opened as a database: /)
  expect(error.message).not.toContain("\n")
})
