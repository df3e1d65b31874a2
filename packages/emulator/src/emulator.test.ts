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

test("a reopened file knows its data and its SingleStore types", async () => {
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

test("query runs the dialect without HTTP, in the first database unless another is named", async () => {
  const emulator = await startEmulator({ databases: ["shop", "other"] })
  onTestFinished(() => emulator.close())
  expect(await emulator.query("SELECT ? AS x, TRUE AS y", ["a"])).toEqual([{ x: "a", y: 1 }])
  expect(await emulator.query("SHOW TABLES", [], { database: "other" })).toEqual([])
  expect(emulator.requests).toEqual([])
})

test("close may be called twice, ends kept-alive connections, and frees the port", async () => {
  const emulator = await startEmulator()
  await (await fetch(`${emulator.url}/ping`)).text()
  await Promise.all([emulator.close(), emulator.close()])
  await emulator[Symbol.asyncDispose]()
  await expect(fetch(`${emulator.url}/ping`)).rejects.toThrow()
  const next = await startEmulator({ port: emulator.port })
  expect(next.port).toBe(emulator.port)
  await next.close()
})

test("a port that is taken is said in one sentence", async () => {
  const { emulator } = await startClient()
  await expect(startEmulator({ port: emulator.port })).rejects.toThrow(
    `The emulator cannot listen on 127.0.0.1 port ${emulator.port}: something else listens there; stop it, or choose another port.`,
  )
})

test("a file that is no database is said in one sentence", async () => {
  const file = join(await temporaryFolder(), "notes.txt")
  await writeFile(file, "x".repeat(10_000))
  const error = await startEmulator({ file }).catch(error => error)
  expect(error.message).toMatch(/^The file .*notes\.txt cannot be opened as a database: /)
  expect(error.message).not.toContain("\n")
})
