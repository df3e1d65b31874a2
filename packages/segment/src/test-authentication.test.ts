import { Destination } from "@segment/actions-core"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, type EmulatorOptions, startEmulator } from "@singlesink/emulator"
import { afterEach, describe, expect, test } from "vitest"
import { createDestination, type Settings } from "./index.ts"

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function start(options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ username: "sink", password: "hunter2", ...options })
  closers.push(() => emulator.close())
  const settings: Settings = {
    ...{ host: emulator.host, port: String(emulator.port), username: "sink", password: "hunter2" },
    dbName: "events",
  }
  const server = { url: emulator.url, username: "sink", password: "hunter2", database: "events" }
  return { emulator, settings, api: createDataApi(server) }
}

/** The message that the settings dialog shows. It is empty if the settings work. */
async function testSettings(settings: object, deduplicate = true): Promise<string> {
  const hosted = new Destination(createDestination({ protocol: "http", deduplicate }))
  return hosted.testAuthentication(settings as Settings).then(
    () => "",
    (error: Error) => error.message,
  )
}

const tablesOf = async (emulator: Emulator) =>
  (await emulator.query("SHOW TABLES")).map(row => Object.values(row as object)[0])

describe("testAuthentication", () => {
  test("testAuthentication creates the table with or without a key, and reports nothing if the settings work", async () => {
    for (const deduplicate of [true, false]) {
      const { emulator, settings } = await start()
      expect(await testSettings(settings, deduplicate)).toBe("")
      expect(await tablesOf(emulator)).toEqual(["segment_data"])
      const [created] = await emulator.query<object>("SHOW CREATE TABLE segment_data")
      expect(JSON.stringify(created).includes("UNIQUE KEY")).toBe(deduplicate)
    }
  })

  test("testAuthentication accepts an existing table with or without a key, and does not change it", async () => {
    for (const hasKey of [true, false]) {
      for (const deduplicate of [true, false]) {
        const { emulator, settings, api } = await start()
        await api.exec(createTableSql({ table: "mine", deduplicate: hasKey }))
        const before = await emulator.query("SHOW CREATE TABLE mine")
        expect(await testSettings({ ...settings, tableName: "mine" }, deduplicate)).toBe("")
        expect(await emulator.query("SHOW CREATE TABLE mine")).toEqual(before)
        expect(await tablesOf(emulator)).toEqual(["mine"])
      }
    }
  })

  test.each<[string, object, string]>([
    ["a wrong password", { password: "hunter3" }, "Authentication failed"],
    ["an unknown database", { dbName: "nope" }, "The database does not exist"],
    ["a host with a scheme", { host: "https://db.example.com" }, "must be of the form"],
    ["a port that is not a number", { port: "http" }, "port"],
    ["a port without a server", { port: "1" }, "Could not connect"],
  ])("testAuthentication reports %s without the password, and creates nothing", async (_, change, part) => {
    const { emulator, settings } = await start()
    const message = await testSettings({ ...settings, ...change })
    expect(message).toContain(part)
    expect(message).not.toContain("hunter")
    expect(await tablesOf(emulator)).toEqual([])
  })

  test("testAuthentication names the statement to run if the user lacks the CREATE privilege", async () => {
    const { settings } = await start({ grants: ["SELECT", "INSERT"] })
    expect(await testSettings(settings)).toMatch(
      /lacks the privilege to create it. Grant CREATE, or run CREATE TABLE IF NOT EXISTS/,
    )
  })

  test("testAuthentication names the GRANT statement if the user lacks the INSERT privilege", async () => {
    const { settings } = await start({ grants: ["SELECT", "CREATE"] })
    expect(await testSettings(settings)).toContain("GRANT INSERT ON `events`.* TO the user")
  })

  test("testAuthentication names the statement that adds missing columns", async () => {
    const { settings, api } = await start()
    await api.exec(
      "CREATE TABLE segment_data (messageId TEXT, timestamp DATETIME(6), type TEXT, event TEXT, name TEXT, properties JSON, userId TEXT, anonymousId TEXT, groupId TEXT)",
    )
    expect(await testSettings(settings)).toContain(
      "has no column traits, context. Run ALTER TABLE `segment_data` ADD traits JSON, ADD context JSON,",
    )
  })

  test("testAuthentication names columns with incompatible types", async () => {
    const { settings, api } = await start()
    await api.exec(createTableSql({ table: "segment_data" }).replace("`userId` TEXT", "`userId` BIGINT"))
    expect(await testSettings(settings)).toMatch(/userId is bigint.* instead of TEXT/i)
  })
})
