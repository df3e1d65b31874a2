import { expect, test } from "vitest"
import { runCommand } from "../testing/terminal.ts"
import { readIds, readTableNames, startSegmentTable } from "./testing/segment-table.ts"

const migrate = (env: Record<string, string>, ...args: string[]) =>
  runCommand(["migrate", "--yes", ...args], { env })

const tableOf = (...columns: string[]) => `CREATE TABLE segment_data (${columns.join(", ")}, SHARD KEY ())`

const usual = ["messageId TEXT", "timestamp DATETIME(6)", "type TEXT", "event TEXT", "properties JSON"]

test("Columns that only the old table has are carried over with their types and values, and allow NULL", async () => {
  const createSql = tableOf(...usual, "plan VARCHAR(20) NOT NULL DEFAULT 'free'", "score DECIMAL(10,2)")
  const { emulator, env } = await startSegmentTable({ ids: 3, duplicates: 1, createSql })
  const { exitCode, stdout } = await migrate(env)
  expect(stdout).toContain(
    "New columns, NULL in the copied rows: name, userId, anonymousId, groupId, traits, context.",
  )
  expect(stdout).toContain("Columns that are carried over: plan, score.")
  expect(stdout).toContain(
    "plan: the default or the computation is not carried over, and new rows have NULL there.",
  )
  expect(exitCode).toBe(0)
  expect(await emulator.query("SELECT plan, score, userId FROM segment_data LIMIT 1")).toEqual([
    { plan: "free", score: null, userId: null },
  ])
  const [found] = await emulator.query<Record<string, string>>("SHOW CREATE TABLE segment_data")
  expect(Object.values(found ?? {})[1]).toMatch(/`plan` varchar\(20\)[^,]*,\n {2}`score` decimal\(10,2\),\n/)
})

test("Invalid rows stop a migration with their numbers, and stay in the old table with --skip-invalid", async () => {
  const { emulator, env } = await startSegmentTable({ ids: 10, duplicates: 3, createSql: tableOf(...usual) })
  await emulator.exec(`INSERT INTO segment_data (messageId, timestamp, type) VALUES
    (NULL, '2026-01-01', 'track'), ('', '2026-01-01', 'track'), ('a', NULL, 'track'), ('b', '2026-01-01', NULL)`)
  const refused = await migrate(env)
  expect(refused.stdout).toContain("17 rows = 10 messageIds + 3 duplicates + 4 invalid")
  expect(refused.stdout).toContain("  2 invalid: messageId is NULL, empty")
  expect(refused.stderr).toContain("4 rows cannot be in the new table")
  expect(refused.exitCode).toBe(2)
  expect(await readTableNames(emulator)).toEqual(["segment_data"])

  const { exitCode, stdout } = await migrate(env, "--skip-invalid")
  expect(stdout).toContain("The invalid rows are only in segment_data__old.")
  expect(exitCode).toBe(0)
  expect(await readIds(emulator)).toHaveLength(10)
  expect(await emulator.query("SELECT COUNT(*) AS n FROM segment_data__old")).toEqual([{ n: 17 }])

  const kept = await migrate(env, "--drop-old")
  expect(kept.stderr).toContain(
    "segment_data__old has 4 invalid rows, which are nowhere else. Pass --skip-invalid",
  )
  expect(await readTableNames(emulator)).toHaveLength(2)
  expect((await migrate(env, "--drop-old", "--skip-invalid")).exitCode).toBe(0)
  expect(await readTableNames(emulator)).toEqual(["segment_data"])
})

test("A row is invalid if its time is the zero value, or if its id is longer than the new column", async () => {
  const createSql = tableOf("messageId LONGTEXT", "type TEXT")
  const { emulator, env } = await startSegmentTable({ ids: 0, createSql })
  await emulator.exec("INSERT INTO segment_data (messageId, type) VALUES ('a', 'track')")
  await emulator.exec("ALTER TABLE segment_data ADD COLUMN timestamp DATETIME(6) NOT NULL")
  const long = "x".repeat(65_536)
  await emulator.exec(`INSERT INTO segment_data (messageId, timestamp, type) VALUES
    ('b', '2026-01-01', 'track'), ('${long}', '2026-01-01', 'track')`)
  const { exitCode, stdout } = await migrate(env, "--skip-invalid")
  expect(stdout).toContain("3 rows = 1 messageIds + 0 duplicates + 2 invalid")
  expect(exitCode).toBe(0)
  expect(await emulator.query("SELECT messageId FROM segment_data")).toEqual([{ messageId: "b" }])
})

test("A value that the new table refuses ends the migration before the renames", async () => {
  const { emulator, env } = await startSegmentTable({ ids: 2 })
  // The zero value, which the table has from a time before it was strict.
  await emulator.exec("ALTER TABLE segment_data ADD COLUMN receivedAt DATETIME(6) NOT NULL")
  const { exitCode, stderr } = await migrate(env)
  expect(stderr).toMatch(/receivedAt.*\[value_rejected\]/)
  expect(exitCode).toBe(1)
  expect(await readTableNames(emulator)).toEqual(["segment_data", "segment_data__new"])
})

test("Text that is wider in the old table stays as wide, and ids that differ in case or in spaces stay different", async () => {
  const createSql = tableOf(...usual.slice(0, 3), "event MEDIUMTEXT", "properties JSON")
  const { emulator, env } = await startSegmentTable({ ids: 0, createSql })
  const event = "x".repeat(70_000)
  await emulator.exec(`INSERT INTO segment_data (messageId, timestamp, type, event) VALUES
    ('a', '2026-01-01', 'track', '${event}'), ('A', '2026-01-01', 'track', NULL), ('a ', '2026-01-01', 'track', NULL)`)
  expect((await migrate(env)).exitCode).toBe(0)
  expect(await readIds(emulator)).toEqual(["A", "a", "a "])
  expect(await emulator.query("SELECT event FROM segment_data WHERE messageId = 'a'")).toEqual([{ event }])
})

test.each([
  [
    tableOf(...usual.slice(0, 4), "properties TEXT"),
    "properties is TEXT in segment_data, and some values may not fit JSON.",
  ],
  [tableOf(...usual.slice(0, 2)), "segment_data has no column type, which is NOT NULL in the new table."],
])("Columns whose values could be lost are an error: %s", async (createSql, message) => {
  const { emulator, env } = await startSegmentTable({ ids: 0, createSql })
  const { exitCode, stderr } = await migrate(env)
  expect(stderr).toContain(message)
  expect(stderr).toContain("Pass --columns with columns that the rows fit.")
  expect(exitCode).toBe(2)
  expect(await readTableNames(emulator)).toEqual(["segment_data"])
})
