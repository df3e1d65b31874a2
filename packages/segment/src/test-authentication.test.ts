import { createRequestClient, Destination, IntegrationError } from "@segment/actions-core"
import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { type Emulator, type EmulatorOptions, startEmulator } from "@singlesink/emulator"
import { afterEach, describe, expect, test } from "vitest"
import { createDestination, type Settings } from "./index.ts"
import { startServer } from "./testing/server.ts"

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
    ["an unknown database", { dbName: "nope" }, "The database does not exist, or the user may not see it"],
    ["a host with a scheme", { host: "https://db.example.com" }, "Host must be a host name"],
    ["a port that is not a number", { port: "http" }, "Port must be"],
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
      /or the user may not see it.* grant INSERT on it. Otherwise grant CREATE, or run CREATE TABLE IF NOT/,
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

  test.each([
    ["a table name with a dot", "page views.v2", {}],
    ["a table name with a back quote", "a`b", {}],
    ["a table name in quotes", "'mine'", {}],
    ["a table with a default for each other column", "mine", { added: ", tenant TEXT NOT NULL DEFAULT ''" }],
    ["a table with a nullable column", "mine", { added: ", tenant TEXT" }],
  ])(
    "testAuthentication accepts an existing table: %s",
    async (_, table, { added = "" }: { added?: string }) => {
      const { settings, api } = await start()
      await api.exec(createTableSql({ table }).replace("`context` JSON", `\`context\` JSON${added}`))
      expect(await testSettings({ ...settings, tableName: table })).toBe("")
    },
  )

  test.each([
    ["events.mine", "Enter the database in Database Name"],
    ["`mine`", "Enter Table Name without quotes"],
    ['"mine"', "Enter Table Name without quotes"],
  ])(
    "testAuthentication creates no table with the name %s, and says how to enter it",
    async (table, part) => {
      const { settings, emulator } = await start()
      expect(await testSettings({ ...settings, tableName: table })).toContain(part)
      expect(await tablesOf(emulator)).toEqual([])
    },
  )

  test.each([
    ["`events`", "Enter Database Name without quotes"],
    ["events.mine", "Enter the database in Database Name"],
  ])("testAuthentication says how to enter the database name %s", async (dbName, part) => {
    const { settings } = await start()
    expect(await testSettings({ ...settings, dbName })).toContain(part)
  })

  test("testAuthentication names a column that is NOT NULL, has no default and is not filled", async () => {
    const { settings, api } = await start()
    const sql = createTableSql({ table: "segment_data" })
    await api.exec(sql.replace("`context` JSON", "`context` JSON, tenant BIGINT NOT NULL"))
    expect(await testSettings(settings)).toContain("is not filled: tenant. Give it a default")
  })

  test.each(["VARCHAR(255)", "CHAR(36)"])(
    "testAuthentication names a column of the narrower type %s",
    async type => {
      const { settings, api } = await start()
      await api.exec(createTableSql({ table: "segment_data" }).replace("`userId` TEXT", `\`userId\` ${type}`))
      expect(await testSettings(settings)).toContain(`userId is ${type.toLowerCase()} instead of TEXT`)
    },
  )

  test.each([
    ["event", "TEXT"],
    ["context", "JSON"],
  ])("testAuthentication names the column %s if it does not allow NULL", async (name, type) => {
    const { settings, api } = await start()
    const sql = createTableSql({ table: "segment_data" })
    await api.exec(sql.replace(`\`${name}\` ${type}`, `\`${name}\` ${type} NOT NULL`))
    expect(await testSettings(settings)).toContain(`cannot store every event: ${name} does not allow NULL.`)
  })

  test.each<[string, string | undefined]>([
    ["has no rows about it", undefined],
    ["refuses the query", "Error 1142 (42000): SELECT command denied to user 'sink'@'%' for table 'columns'"],
    ["does not know the query", "Error 1054 (42S22): Unknown column 'EXTRA' in 'field list'"],
  ])(
    "testAuthentication accepts a table that takes an INSERT although information_schema %s",
    async (_, refusal) => {
      const statements: string[] = []
      const server = await startServer(({ sql }, response) => {
        statements.push(sql)
        if (sql.includes("information_schema") && refusal !== undefined) response.writeHead(400).end(refusal)
        else response.end(JSON.stringify({ rowsAffected: 0, results: [{ rows: [] }] }))
      })
      expect(await testSettings({ ...server.settings, tableName: "page.views" })).toBe("")
      server.close()
      expect(statements.filter(sql => sql.startsWith("CREATE"))).toEqual([])
    },
  )

  test.each<[string, string, string]>([
    ["refuses the INSERT", "Error 1142 (42000): INSERT command denied to user 'sink'@'%'", "GRANT INSERT ON"],
    ["does not understand the INSERT", "Error 1064 (42000): You have an error in your SQL syntax", ""],
    ["is busy", "Error 1205 (HY000): Lock wait timeout exceeded", ""],
  ])("testAuthentication takes only a clear no as a no: a database that %s", async (_, text, part) => {
    const server = await startServer(({ sql }, response) => {
      if (sql.startsWith("INSERT")) response.writeHead(400).end(text)
      else response.end(JSON.stringify({ rowsAffected: 0, results: [{ rows: [] }] }))
    })
    const message = await testSettings(server.settings)
    server.close()
    expect(message).toContain(part)
    expect(message === "").toBe(part === "")
  })

  test("testAuthentication fails with an IntegrationError and the status of the problem", async () => {
    const { settings } = await start({ grants: ["SELECT", "CREATE"] })
    const { authentication } = createDestination({ protocol: "http" })
    const request = createRequestClient()
    const check = authentication?.testAuthentication?.(request, { settings, auth: undefined } as never)
    await expect(check).rejects.toBeInstanceOf(IntegrationError)
    await expect(check).rejects.toMatchObject({ status: 403, code: "PERMISSION_DENIED" })
  })
})
