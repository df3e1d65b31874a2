import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { createTableSql } from "@singlesink/core"
import { describe, expect, test } from "vitest"
import { createFolder } from "../testing/folder.ts"
import { runCommand } from "../testing/terminal.ts"
import { insertRows, readIds, readTable, readTableNames, startSegmentTable } from "./testing/segment-table.ts"

const migrate = (env: Record<string, string>, ...args: string[]) =>
  runCommand(["migrate", "--yes", ...args], { env })

/** The keyboard of a terminal. */
function press(keys: string) {
  const stdin = Object.assign(new PassThrough(), { setRawMode: () => stdin })
  stdin.write(keys)
  return stdin
}

describe("migrate", () => {
  test("A table with duplicates becomes one with a key and each messageId once, and the old table is kept", async () => {
    const { emulator, env } = await startSegmentTable({ ids: 70, duplicates: 30 })
    const before = await readTable(emulator)
    const { exitCode, stdout, stderr } = await migrate(env, "--step-rows", "20")
    expect(stderr).toContain("segment_data__new has each of the 70 messageIds once.")
    expect(stdout).toContain("segment_data: 100 rows = 70 messageIds + 30 duplicates + 0 invalid\n")
    expect(stdout).toContain("0 messageIds have copies that differ")
    expect(stdout).toContain("Disk: unknown.")
    expect(exitCode).toBe(0)
    expect(await readTableNames(emulator)).toEqual(["segment_data", "segment_data__old"])
    expect(await readTable(emulator, "segment_data__old")).toEqual(before)
    expect(await readTable(emulator)).toEqual(
      before.filter((row, index) => row.messageId !== before[index - 1]?.messageId),
    )
    await expect(insertRows(emulator, [0])).rejects.toThrow("Duplicate entry")
  })

  test("A table with a unique key needs no migration", async () => {
    const { env } = await startSegmentTable({ ids: 0, createSql: createTableSql() })
    const { exitCode, stdout } = await runCommand(["migrate"], { env })
    expect(stdout).toBe("segment_data has a unique key. There is nothing to do.\n")
    expect(exitCode).toBe(0)
  })

  test("A migrated table needs no second migration, and its old table stays", async () => {
    const { emulator, env } = await startSegmentTable({ duplicates: 10 })
    await migrate(env)
    const requests = emulator.requests.length
    const { exitCode } = await migrate(env)
    expect(exitCode).toBe(0)
    expect(emulator.requests.slice(requests).filter(({ path }) => path.endsWith("exec"))).toEqual([])
    expect(await readTableNames(emulator)).toEqual(["segment_data", "segment_data__old"])
  })

  test("An empty table is migrated", async () => {
    const { emulator, env } = await startSegmentTable({ ids: 0 })
    expect((await migrate(env)).exitCode).toBe(0)
    expect(await readTableNames(emulator)).toEqual(["segment_data", "segment_data__old"])
  })

  test("An unsorted table with a key is copied to a sorted one", async () => {
    const createSql = createTableSql().replace("  SORT KEY (`timestamp`),\n", "")
    const { emulator, env } = await startSegmentTable({ createSql })
    expect((await migrate(env)).exitCode).toBe(0)
    expect(await readTableNames(emulator)).toEqual(["segment_data", "segment_data__old"])
    expect(await readIds(emulator)).toHaveLength(100)
  })

  test("Rows with the same time are divided by their ids", async () => {
    const timeOf = () => "2026-01-01 00:00:00.000000"
    const { emulator, env } = await startSegmentTable({ duplicates: 30, timeOf })
    await migrate(env, "--step-rows", "15")
    const copies = emulator.requests.filter(({ sql }) => sql?.startsWith("INSERT IGNORE"))
    expect(copies).toHaveLength(9)
    expect(await readIds(emulator)).toHaveLength(100)
  })

  test("A table whose columns have no role time is divided by ids", async () => {
    const { emulator, env } = await startSegmentTable({ duplicates: 30 })
    const columns = join(createFolder(), "columns.json")
    const id = { name: "messageId", type: "TEXT", from: "messageId", required: true, role: "id" }
    writeFileSync(
      columns,
      JSON.stringify([id, { name: "timestamp", type: "DATETIME(6)", from: "timestamp" }]),
    )
    const before = await readTable(emulator)
    const { exitCode, stderr } = await migrate(env, "--columns", columns, "--step-rows", "40")
    expect(stderr).toContain("segment_data__new has each of the 100 messageIds once.")
    expect(exitCode).toBe(0)
    expect(await readTable(emulator)).toEqual(
      before.filter((row, index) => row.messageId !== before[index - 1]?.messageId),
    )
  })

  test("The first copy in time is kept, and the plan counts ids whose copies differ", async () => {
    const { emulator, env } = await startSegmentTable({ ids: 10 })
    await insertRows(emulator, [3, 4], () => "2025-01-01 00:00:00.000000")
    const { stdout } = await migrate(env, "--step-rows", "1")
    expect(stdout).toContain("2 messageIds have copies that differ in their time or text.")
    const rows = await readTable(emulator)
    expect(
      rows.filter(({ timestamp }) => String(timestamp).startsWith("2025")).map(row => row.messageId),
    ).toEqual(["m3", "m4"])
  })

  test("--dry-run prints the plan and every statement, and changes nothing", async () => {
    const { emulator, env } = await startSegmentTable({ duplicates: 30 })
    const { exitCode, stdout } = await runCommand(["migrate", "--dry-run"], { env })
    expect(exitCode).toBe(0)
    expect(stdout).toContain("130 rows = 100 messageIds + 30 duplicates + 0 invalid")
    expect(stdout).toContain("CREATE TABLE IF NOT EXISTS `segment_data__new` (")
    expect(stdout).toContain("INSERT IGNORE INTO `segment_data__new` (`messageId`, `timestamp`,")
    expect(stdout).toContain("ALTER TABLE `segment_data` RENAME TO `segment_data__old`;")
    expect(stdout).toContain("ALTER TABLE `segment_data__new` RENAME TO `segment_data`;")
    expect(await readTableNames(emulator)).toEqual(["segment_data"])
    expect(emulator.requests.filter(({ path }) => path.endsWith("exec"))).toEqual([])
  })

  test("--json prints one document with the plan and the result", async () => {
    const { env } = await startSegmentTable({ duplicates: 30 })
    const { stdout, stderr } = await migrate(env, "--json")
    expect(stderr).toBe("")
    expect(JSON.parse(stdout)).toEqual({
      database: "events",
      table: "segment_data",
      state: "not started",
      plan: {
        ...{ rows: 130, messageIds: 100, duplicates: 30, invalid: 0, invalidBy: {} },
        ...{ differing: 0, disk: null, notes: [] },
      },
      statements: expect.any(Array),
      dryRun: false,
      swapped: true,
    })
  })

  test.each([
    ["y", 0, "segment_data__old"],
    ["n", 1, undefined],
    ["\x03", 130, undefined],
  ])("On a terminal the answer %j ends with exit code %i", async (keys, code, old) => {
    const { emulator, env } = await startSegmentTable()
    const { exitCode, stderr } = await runCommand(["migrate"], { env, stdin: press(keys), isTTY: true })
    expect(stderr).toContain("Copy 100 rows to segment_data__new, and swap the tables?")
    expect(exitCode).toBe(code)
    expect((await readTableNames(emulator))[1]).toBe(old)
  })

  test("Without a terminal and without --yes nothing starts", async () => {
    const { emulator, env } = await startSegmentTable()
    const { exitCode, stderr } = await runCommand(["migrate"], { env })
    expect(stderr).toContain("There is no terminal to ask on. Pass --yes")
    expect(exitCode).toBe(2)
    expect(await readTableNames(emulator)).toEqual(["segment_data"])
  })

  test("Ctrl+C ends after the running step with exit code 130, and the same command continues", async () => {
    const { emulator, env } = await startSegmentTable()
    const args = ["migrate", "--yes", "--step-rows", "10"]
    const stopped = await runCommand(args, { env, onInterrupt: stop => stop() })
    expect(stopped.stderr).toContain("Stopped. Nothing is lost")
    expect(stopped.exitCode).toBe(130)
    expect(await readTableNames(emulator)).toEqual(["segment_data", "segment_data__new"])
    expect((await runCommand(args, { env })).exitCode).toBe(0)
    expect(await readIds(emulator)).toHaveLength(100)
  })

  test("--step-rows takes a whole number", async () => {
    const { env } = await startSegmentTable({ ids: 0 })
    const { exitCode, stderr } = await migrate(env, "--step-rows", "many")
    expect(stderr).toContain("`--step-rows` must be an integer of at least 1.")
    expect(exitCode).toBe(2)
  })

  test("A view on the table works after the swap, and the plan names it", async () => {
    const { emulator, env } = await startSegmentTable({ duplicates: 30 })
    await emulator.exec(
      "CREATE VIEW signed_up AS SELECT messageId FROM segment_data WHERE event = 'Signed Up'",
    )
    const { stdout } = await migrate(env)
    expect(stdout).toContain(
      "The database has views: signed_up. Check those that read the table after the swap",
    )
    expect(await emulator.query("SELECT COUNT(*) AS n FROM signed_up")).toEqual([{ n: 100 }])
  })

  test("A reader of SINGLESTORE_DEDUPLICATE=false learns that sinks can deduplicate now", async () => {
    const { env } = await startSegmentTable()
    const { stderr } = await migrate({ ...env, SINGLESTORE_DEDUPLICATE: "false" })
    expect(stderr).toContain("Sinks can deduplicate now: remove --no-deduplicate")
  })
})
