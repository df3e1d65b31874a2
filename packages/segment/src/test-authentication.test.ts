import { Destination } from "@segment/actions-core"
import { createTableSql, type LayoutName } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, type EmulatorOptions, startEmulator } from "@singlesink/emulator"
import { afterEach, describe, expect, test } from "vitest"
import { createDestination, type Settings } from "./index.ts"

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function start(options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ username: "sink", password: "hunter2", ...options })
  ends.push(() => emulator.close())
  const settings: Settings = {
    ...{ host: emulator.host, port: String(emulator.port), username: "sink", password: "hunter2" },
    dbName: "events",
  }
  const server = { url: emulator.url, username: "sink", password: "hunter2", database: "events" }
  return { emulator, settings, api: createDataApi(server) }
}

/** What the settings dialog shows; nothing where all is well. */
async function testSettings(settings: object, layout: LayoutName = "keyed"): Promise<string> {
  const hosted = new Destination(createDestination({ protocol: "http", layout }))
  return hosted.testAuthentication(settings as Settings).then(
    () => "",
    (error: Error) => error.message,
  )
}

const tablesOf = async (emulator: Emulator) =>
  (await emulator.query("SHOW TABLES")).map(row => Object.values(row as object)[0])

describe("testAuthentication", () => {
  test("makes the table of the layout, and says nothing, where all is well", async () => {
    for (const layout of ["keyed", "segment"] as const) {
      const { emulator, settings } = await start()
      expect(await testSettings(settings, layout)).toBe("")
      expect(await tablesOf(emulator)).toEqual(["segment_data"])
      const keys = await emulator.query(
        "SELECT INDEX_NAME AS name FROM information_schema.statistics WHERE TABLE_NAME = 'segment_data' AND NON_UNIQUE = 0",
      )
      expect(keys.length).toBe(layout === "keyed" ? 1 : 0)
    }
  })

  test("takes a table of either layout that is there, and leaves it as it is", async () => {
    for (const there of ["keyed", "segment"] as const) {
      for (const layout of ["keyed", "segment"] as const) {
        const { emulator, settings, api } = await start()
        await api.exec(createTableSql({ table: "mine", layout: there }))
        const before = await emulator.query("SHOW CREATE TABLE mine")
        expect(await testSettings({ ...settings, tableName: "mine" }, layout)).toBe("")
        expect(await emulator.query("SHOW CREATE TABLE mine")).toEqual(before)
        expect(await tablesOf(emulator)).toEqual(["mine"])
      }
    }
  })

  test.each<[string, object, string]>([
    ["a wrong password", { password: "hunter3" }, "User name, password or token is wrong"],
    ["an unknown database", { dbName: "nope" }, "The database does not exist"],
    ["a host with a scheme", { host: "https://db.example.com" }, "url is not of the form"],
    ["a port that is none", { port: "http" }, "port"],
    ["nobody there", { port: "1" }, "No connection comes about"],
  ])("says what is wrong about %s, without the password, and makes nothing", async (_, change, part) => {
    const { emulator, settings } = await start()
    const message = await testSettings({ ...settings, ...change })
    expect(message).toContain(part)
    expect(message).not.toContain("hunter")
    expect(await tablesOf(emulator)).toEqual([])
  })

  test("says which statement to run where the user may not create the table", async () => {
    const { settings } = await start({ grants: ["SELECT", "INSERT"] })
    expect(await testSettings(settings)).toMatch(
      /may not create it: grant CREATE, or .*CREATE TABLE IF NOT EXISTS/,
    )
  })

  test("says what to grant where the user may not insert", async () => {
    const { settings } = await start({ grants: ["SELECT", "CREATE"] })
    expect(await testSettings(settings)).toContain("GRANT INSERT ON `events`.* TO that user")
  })

  test("says how to add columns that a table lacks", async () => {
    const { settings, api } = await start()
    await api.exec(
      "CREATE TABLE segment_data (messageId TEXT, timestamp DATETIME(6), type TEXT, event TEXT, name TEXT, properties JSON, userId TEXT, anonymousId TEXT, groupId TEXT)",
    )
    expect(await testSettings(settings)).toContain(
      "lacks traits, context: run ALTER TABLE `segment_data` ADD traits JSON, ADD context JSON,",
    )
  })

  test("says which columns have types that do not hold what is sent", async () => {
    const { settings, api } = await start()
    await api.exec(createTableSql({ table: "segment_data" }).replace("userId TEXT", "userId BIGINT"))
    expect(await testSettings(settings)).toMatch(/userId is bigint.* and not TEXT/i)
  })

  test('begins with the words of Segment in the layout "segment"', async () => {
    const { settings } = await start()
    expect(await testSettings({ ...settings, dbName: "nope" }, "segment")).toContain(
      "Failed to create table: ",
    )
  })
})
