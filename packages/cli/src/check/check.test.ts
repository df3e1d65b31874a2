import { createTableSql, defaultColumns } from "@singlesink/core"
import { type Emulator, type EmulatorOptions, startEmulator } from "@singlesink/emulator"
import { afterEach, expect, test } from "vitest"
import { runCommand } from "../testing/terminal.ts"
import type { Finding } from "./finding.ts"

let emulator: Emulator | undefined
afterEach(async () => {
  await emulator?.close()
  emulator = undefined
})

async function start(options: EmulatorOptions = {}, sql: string | undefined = createTableSql()) {
  emulator = await startEmulator({ username: "sink", password: "secret", ...options })
  if (sql !== "") await emulator.exec(sql)
  return emulator
}

/** Runs `check --json` and returns its findings by name. */
async function runCheck(url: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const result = await runCommand(["check", "--json", ...args], {
    env: {
      SINGLESTORE_URL: url,
      SINGLESTORE_USERNAME: "sink",
      SINGLESTORE_PASSWORD: "secret",
      SINGLESTORE_DATABASE: "events",
      ...env,
    },
  })
  const document = JSON.parse(result.stdout) as { ready: boolean; checks: (Finding & { name: string })[] }
  const statuses = Object.fromEntries(document.checks.map(({ name, status }) => [name, status]))
  const find = (name: string) => document.checks.find(each => each.name === name)
  return { ...result, ready: document.ready, statuses, find }
}

/** A response of the server to a query. */
const rows = (list: readonly object[]) => JSON.stringify({ results: [{ rows: list }] })

test("Every check of the table that createTableSql makes is ok, and the clock of the emulator is skipped", async () => {
  const { url } = await start()
  const { exitCode, ready, statuses } = await runCheck(url)
  expect(statuses).toEqual({
    endpoint: "ok",
    tls: "ok",
    credentials: "ok",
    database: "ok",
    version: "ok",
    clock: "skipped",
    rights: "ok",
    table: "ok",
    columns: "ok",
    "unique key": "ok",
    "sort key": "ok",
    collation: "ok",
  })
  expect({ exitCode, ready }).toEqual({ exitCode: 0, ready: true })
})

test("check changes nothing: it sends no statement but queries and an INSERT of no rows", async () => {
  const { url, requests, query } = await start()
  await runCheck(url, ["--probe-limit"])
  const statements = requests.flatMap(({ sql }) => sql ?? [])
  expect(statements.filter(sql => !/^(SELECT|SHOW) /.test(sql))).toEqual([
    "INSERT INTO `segment_data` (`messageId`) SELECT one.v FROM (SELECT 'v' AS v) AS one WHERE 1 = 0",
  ])
  expect(await query("SELECT COUNT(*) AS n FROM segment_data")).toEqual([{ n: 0 }])
})

test("check without a server fails at the endpoint and skips everything that needs it", async () => {
  const { exitCode, statuses, find } = await runCheck("http://127.0.0.1:1")
  expect(exitCode).toBe(2)
  expect(find("endpoint")?.message).toMatch(/Could not connect.*\[connection_failed\]$/)
  expect(find("tls")?.message).toBe('It needs the check "endpoint".')
  expect(new Set(Object.values(statuses))).toEqual(new Set(["failed", "skipped"]))
})

test("A certificate of an unknown authority fails at tls, and the endpoint is ok", async () => {
  const { url } = await start({ tls: "self_signed" })
  const { exitCode, statuses, find } = await runCheck(url)
  expect(exitCode).toBe(2)
  expect(statuses).toMatchObject({ endpoint: "ok", tls: "failed", credentials: "skipped" })
  expect(find("tls")?.message).toMatch(/\[untrusted_certificate\]$/)
})

test("A wrong password fails at the credentials", async () => {
  const { url } = await start()
  const { exitCode, statuses, find } = await runCheck(url, [], { SINGLESTORE_PASSWORD: "wrong" })
  expect(exitCode).toBe(2)
  expect(statuses).toMatchObject({ tls: "ok", credentials: "failed", database: "skipped" })
  expect(find("credentials")?.message).toMatch(/\[access_denied\]$/)
})

test("An unknown database fails at the database, and the credentials are ok", async () => {
  const { url } = await start()
  const { statuses, find } = await runCheck(url, ["--database", "nope"])
  expect(statuses).toMatchObject({ credentials: "ok", database: "failed", table: "skipped" })
  expect(find("database")?.message).toMatch(/\[unknown_database\]$/)
})

test("A missing table fails with the statement that creates it", async () => {
  const { url } = await start({}, "")
  const { exitCode, statuses, find } = await runCheck(url)
  expect(exitCode).toBe(2)
  expect(statuses).toMatchObject({ table: "failed", columns: "skipped", rights: "skipped" })
  expect(find("table")?.sql).toEqual([createTableSql()])
})

test("A table whose name differs only in case is named", async () => {
  const { url } = await start({}, createTableSql({ table: "Segment_Data" }))
  const { find } = await runCheck(url)
  expect(find("table")?.message).toContain("There is Segment_Data: the names of tables are case-sensitive.")
})

test("A view in place of the table fails", async () => {
  const { url, exec } = await start({}, createTableSql({ table: "source" }))
  await exec("CREATE VIEW segment_data AS SELECT * FROM source")
  const { statuses, find } = await runCheck(url)
  expect(statuses).toMatchObject({ table: "failed", columns: "skipped" })
  expect(find("table")?.message).toContain("segment_data is a view")
})

test("A user without the right to insert gets the GRANT that is missing", async () => {
  const { url } = await start({ grants: ["SELECT"] })
  const { exitCode, find } = await runCheck(url)
  expect(exitCode).toBe(2)
  expect(find("rights")).toMatchObject({
    status: "failed",
    sql: ["GRANT INSERT ON `events`.`segment_data` TO 'sink'@'%'"],
  })
})

test("Missing columns fail with the ALTER TABLE that adds them, which the server accepts", async () => {
  const columns = defaultColumns.filter(({ name }) => !["name", "context"].includes(name))
  const { url, exec } = await start({}, createTableSql({ columns }))
  const { find } = await runCheck(url)
  expect(find("columns")?.message).toBe("The table has no column name, context. Run:")
  const [sql = ""] = find("columns")?.sql ?? []
  expect(sql).toBe("ALTER TABLE `segment_data` ADD COLUMN `name` TEXT, ADD COLUMN `context` JSON")
  await exec(sql)
  expect((await runCheck(url)).statuses.columns).toBe("ok")
})

test("Columns of a wrong type, unfilled columns and NOT NULL columns fail, each with its name", async () => {
  const { url } = await start(
    {},
    createTableSql()
      .replace("`properties` JSON", "`properties` TEXT")
      .replace("`event` TEXT", "`event` TEXT NOT NULL")
      .replace("`type` TEXT NOT NULL,", "`type` TEXT NOT NULL, tenant TEXT NOT NULL, "),
  )
  const { find } = await runCheck(url)
  expect(find("columns")).toMatchObject({ status: "failed", sql: [] })
  expect(find("columns")?.message).toBe(
    "properties is TEXT instead of JSON. event is NOT NULL, and events without a value are refused. tenant is NOT NULL, has no default and is not in --columns. Give it a default, or allow NULL.",
  )
})

test("Columns that are narrower than the values of a sink are a warning", async () => {
  const { url } = await start(
    {},
    createTableSql()
      .replace("`event` TEXT", "`event` VARCHAR(255)")
      .replace("`timestamp` DATETIME(6)", "`timestamp` DATETIME"),
  )
  const { exitCode, find } = await runCheck(url)
  expect(exitCode).toBe(0)
  expect(find("columns")).toMatchObject({ status: "warning" })
  expect(find("columns")?.message).toBe(
    "timestamp is DATETIME instead of DATETIME(6), event is VARCHAR(255) instead of TEXT: some values do not fit, and their events are rejected or lose precision.",
  )
})

test("A table without a key fails the check of the unique key, and `singlesink migrate` is suggested", async () => {
  const { url } = await start({}, createTableSql({ deduplicate: false }))
  const { exitCode, statuses, find } = await runCheck(url)
  expect(exitCode).toBe(2)
  expect(statuses).toMatchObject({ "unique key": "failed", "sort key": "warning" })
  expect(find("unique key")?.message).toContain("does not deduplicate and retries double rows")
  expect(find("unique key")?.message).toContain("singlesink migrate")
})

test("With --no-deduplicate a table without a key is a warning that a retry can store an event twice", async () => {
  const { url } = await start({}, createTableSql({ deduplicate: false }))
  const { exitCode, find } = await runCheck(url, ["--no-deduplicate"])
  expect(exitCode).toBe(0)
  expect(find("unique key")).toMatchObject({ status: "warning" })
  expect(find("unique key")?.message).toContain("can store an event twice")
})

test("The columns of --columns are checked, and a mistake in them is reported before any request", async () => {
  const { url, requests } = await start()
  const { exitCode, stdout } = await runCommand(
    ["check", "--columns", "package.json", "--json", "--url", url, "--database", "events"],
    { env: { SINGLESTORE_USERNAME: "sink", SINGLESTORE_PASSWORD: "secret" } },
  )
  expect(exitCode).toBe(2)
  expect(JSON.parse(stdout).error.code).toBe("invalid_options")
  expect(requests).toEqual([])
})

test.each([
  [3_600, "warning", /^The server's clock is 3,(600|59\d) s ahead of/],
  [-3_600, "warning", /^The server's clock is 3,(600|59\d) s behind/],
  [0, "ok", /agree/],
])("A server whose clock differs by %i s is reported as %s", async (difference, status, message) => {
  const { url, injectFault } = await start()
  const seconds = Math.floor(Date.now() / 1_000) + difference
  // The third query, after SELECT 1 and the version.
  await injectFault({ kind: "respond", status: 200, body: rows([{ seconds }]), on: "query", skip: 2 })
  const { find } = await runCheck(url)
  expect(find("clock")).toMatchObject({ status })
  expect(find("clock")?.message).toMatch(message)
})

test.each([
  ["MySQL Community Server", "8.0.1", 'The server calls itself "MySQL Community Server"'],
  ["SingleStoreDB source distribution", "7.3.2", "is older than 7.5"],
])("A server that calls itself %s with version %s is a warning", async (comment, version, message) => {
  const { url, injectFault } = await start()
  await injectFault({
    kind: "respond",
    status: 200,
    body: rows([{ version, comment }]),
    on: "query",
    skip: 1,
  })
  const { find } = await runCheck(url)
  expect(find("version")).toMatchObject({ status: "warning" })
  expect(find("version")?.message).toContain(message)
})

test("--probe-limit finds the largest request body that passes, within two percent", async () => {
  const { url } = await start({ maxBytes: 3_333_333 })
  const { find } = await runCheck(url, ["--probe-limit"])
  const bytes = Number(/has ([\d,]+) bytes/.exec(find("body limit")?.message ?? "")?.[1]?.replaceAll(",", ""))
  expect(bytes).toBeGreaterThan(3_250_000)
  expect(bytes).toBeLessThanOrEqual(3_333_333)
})

test("--probe-limit warns if a proxy refuses bodies that the Data API accepts", async () => {
  const { url, injectFault } = await start()
  await injectFault({
    kind: "body_limit",
    maxBytes: 200_000,
    status: 413,
    times: "always",
    milliseconds: 60_000,
  })
  const { exitCode, find } = await runCheck(url, ["--probe-limit"])
  expect(exitCode).toBe(0)
  expect(find("body limit")).toMatchObject({ status: "warning" })
  expect(find("body limit")?.message).toMatch(
    /^A proxy before the database refuses request bodies above 19\d,\d{3} bytes/,
  )
})

test("For people each check is one line, and statements stand below it", async () => {
  const { url } = await start({ grants: ["SELECT"] })
  const { exitCode, stdout } = await runCommand(["check", "--url", url, "--database", "events"], {
    env: { SINGLESTORE_USERNAME: "sink", SINGLESTORE_PASSWORD: "secret" },
  })
  expect(exitCode).toBe(2)
  expect(stdout).toContain("ok       database     The database events exists.\n")
  expect(stdout).toContain("failed   rights       The user may not insert. Run as an administrator:\n\n")
  expect(stdout).toContain("GRANT INSERT ON `events`.`segment_data` TO 'sink'@'%';\n")
  expect(stdout).toMatch(/\n1 check failed\. Correct the first one and run the command again\.\n$/)
  expect(stdout).not.toContain("secret")
})
