import { createTableSql } from "@singlesink/core"
import type { Emulator } from "@singlesink/emulator"
import { describe, expect, test } from "vitest"
import { runCommand } from "../testing/terminal.ts"
import { insertRows, readIds, readTableNames, startSegmentTable } from "./testing/segment-table.ts"

const migrate = (env: Record<string, string>, ...args: string[]) =>
  runCommand(["migrate", "--yes", ...args], { env })

const rename = (emulator: Emulator, from: string, to: string) =>
  emulator.exec(`ALTER TABLE ${from} RENAME TO ${to}`)

/** A table that is migrated, so that a test can undo parts of it. */
async function startMigrated() {
  const started = await startSegmentTable({ ids: 70, duplicates: 30 })
  await migrate(started.env)
  return started
}

describe("Each state continues", () => {
  test("Between the two renames the second one comes first, and rows of the old table that are missing are copied", async () => {
    const { emulator, env } = await startMigrated()
    await rename(emulator, "segment_data", "segment_data__new")
    await insertRows(emulator, [1_000, 0], undefined, "segment_data__old")
    const requests = emulator.requests.length
    const { exitCode, stdout, stderr } = await migrate(env)
    expect(stderr).toContain("segment_data__new is renamed to segment_data.")
    expect(stdout).toContain("segment_data has a unique key, and every messageId of segment_data__old once.")
    expect(exitCode).toBe(0)
    const statements = emulator.requests.slice(requests).filter(({ path }) => path.endsWith("exec"))
    expect(statements[0]?.sql).toBe("ALTER TABLE `segment_data__new` RENAME TO `segment_data`")
    expect(await readIds(emulator)).toHaveLength(71)
  })

  test("--dry-run between the two renames prints the rename that is left", async () => {
    const { emulator, env } = await startMigrated()
    await rename(emulator, "segment_data", "segment_data__new")
    const { exitCode, stdout } = await runCommand(["migrate", "--dry-run"], { env })
    expect(exitCode).toBe(0)
    expect(stdout).toContain("\nALTER TABLE `segment_data__new` RENAME TO `segment_data`;\n")
    expect(stdout).not.toContain("CREATE TABLE")
    expect(await readTableNames(emulator)).toEqual(["segment_data__new", "segment_data__old"])
  })

  test("A second rename that fails is an error with the statement", async () => {
    const { emulator, env } = await startSegmentTable()
    await emulator.injectFault({
      kind: "respond",
      engineCode: 1142,
      status: 403,
      on: "exec",
      skip: 3,
      times: 1,
    })
    const { exitCode, stderr } = await migrate(env)
    expect(stderr).toContain("segment_data does not exist now: it is renamed to segment_data__old")
    expect(stderr).toContain("ALTER TABLE `segment_data__new` RENAME TO `segment_data`")
    expect(exitCode).toBe(2)
    expect((await migrate(env)).exitCode).toBe(0)
    expect(await readIds(emulator)).toHaveLength(100)
  })

  test("After the swap the rows that only the old table has are copied in steps", async () => {
    const { emulator, env } = await startMigrated()
    await insertRows(emulator, [2_000])
    await insertRows(emulator, [1_000, 1_001, 0], undefined, "segment_data__old")
    const { exitCode, stderr } = await migrate(env, "--step-rows", "10")
    expect(stderr).toMatch(/: 2 new\n/)
    expect(exitCode).toBe(0)
    expect(await readIds(emulator)).toHaveLength(73)
  })
})

describe("Tables that are not those of a migration", () => {
  const unrelated = createTableSql({ table: "segment_data__new" })

  test.each<[string, (emulator: Emulator) => Promise<unknown>, string]>([
    [
      "no table",
      emulator => emulator.exec("DROP TABLE segment_data"),
      "The database events has no table segment_data, or the user may not see it. Correct --table.",
    ],
    [
      "a table with a name in another case",
      emulator => rename(emulator, "segment_data", "Segment_Data"),
      "There is Segment_Data: the names of tables are case-sensitive.",
    ],
    [
      "only the old table",
      emulator => rename(emulator, "segment_data", "segment_data__old"),
      "To rename it back: ALTER TABLE `segment_data__old` RENAME TO `segment_data`",
    ],
    [
      "a view",
      async emulator => {
        await rename(emulator, "segment_data", "other")
        await emulator.exec("CREATE VIEW segment_data AS SELECT messageId FROM other")
      },
      "segment_data is a view. migrate needs a table",
    ],
    [
      "a new table without a key",
      emulator => emulator.exec(unrelated.replace(/,\n {2}UNIQUE KEY .*HASH/, "")),
      "segment_data__new exists and has no unique key, so migrate has not created it. Rename or drop it.",
    ],
    [
      "an old table of something else",
      emulator => emulator.exec("CREATE TABLE segment_data__old (id TEXT)"),
      "segment_data__old exists, and the rename needs its name. Rename or drop it.",
    ],
    [
      "a new table that lacks a column",
      emulator => emulator.exec(unrelated.replace("  `traits` JSON,\n", "")),
      "segment_data__new has no column traits: the columns have changed since it was created.",
    ],
    [
      "a new table with other rows",
      async emulator => {
        await emulator.exec(unrelated)
        await insertRows(emulator, [7_000], undefined, "segment_data__new")
      },
      "segment_data__new has 101 rows, but segment_data has only 100 messageIds",
    ],
  ])("migrate changes nothing if it finds %s", async (_, prepare, message) => {
    const { emulator, env } = await startSegmentTable()
    await prepare(emulator)
    const names = await readTableNames(emulator)
    const { exitCode, stderr } = await migrate(env)
    expect(stderr).toContain(message)
    expect(exitCode).toBeGreaterThan(0)
    expect(await readTableNames(emulator)).toEqual(names)
  })

  test("A keyed table next to a new table is an error", async () => {
    const { emulator, env } = await startSegmentTable({ createSql: createTableSql() })
    await emulator.exec(unrelated)
    expect((await migrate(env)).stderr).toContain(
      "segment_data has a unique key already, and segment_data__new exists too.",
    )
  })

  test("A table that was created again between the renames is an error, and its message leads to a table with all rows", async () => {
    const { emulator, env } = await startMigrated()
    await rename(emulator, "segment_data", "segment_data__new")
    await emulator.exec(createTableSql({ deduplicate: false }))
    await insertRows(emulator, [1_000])
    const { stderr } = await migrate(env)
    expect(stderr).toContain("segment_data was created again between the two renames.")
    const [, statement = ""] = /Run (ALTER TABLE [^,]*), then migrate again/.exec(stderr) ?? []
    await emulator.exec(statement)
    expect((await migrate(env)).exitCode).toBe(0)
    expect(await readIds(emulator, "segment_data__between")).toEqual(["m1000"])
  })

  test("A name that leaves no room for the suffix is an error", async () => {
    const { env } = await startSegmentTable({ ids: 0 })
    const { stderr } = await migrate(env, "--table", "t".repeat(252))
    expect(stderr).toContain("is too long: migrate adds __new and __old")
  })

  test("A missing privilege is an error with the command that prints the rights", async () => {
    const { emulator, env } = await startSegmentTable()
    await emulator.injectFault({ kind: "respond", engineCode: 1142, status: 403, on: "exec" })
    const { exitCode, stderr } = await migrate(env)
    expect(stderr).toContain("Run `singlesink sql grants --for migrate` for the rights")
    expect(exitCode).toBe(2)
  })
})

describe("migrate --drop-old", () => {
  test("The old table is deleted after a question", async () => {
    const { emulator, env } = await startMigrated()
    const { exitCode, stdout } = await migrate(env, "--drop-old")
    expect(stdout).toContain(
      "segment_data__old: 100 rows = 70 messageIds, all of them in segment_data + 30 duplicates",
    )
    expect(exitCode).toBe(0)
    expect(await readTableNames(emulator)).toEqual(["segment_data"])
  })

  test("Without --yes and with --dry-run the old table stays", async () => {
    const { emulator, env } = await startMigrated()
    expect((await runCommand(["migrate", "--drop-old"], { env })).stderr).toContain("Pass --yes")
    const { stdout } = await runCommand(["migrate", "--drop-old", "--dry-run"], { env })
    expect(stdout).toContain("DROP TABLE IF EXISTS `segment_data__old`;")
    expect(await readTableNames(emulator)).toHaveLength(2)
  })

  test("An old table with rows that the new one lacks stays", async () => {
    const { emulator, env } = await startMigrated()
    await insertRows(emulator, [1_000], undefined, "segment_data__old")
    const { exitCode, stderr } = await migrate(env, "--drop-old")
    expect(stderr).toContain("segment_data lacks 1 messageIds of segment_data__old.")
    expect(exitCode).toBe(1)
    expect(await readTableNames(emulator)).toHaveLength(2)
  })

  test("Before the swap there is nothing to drop", async () => {
    const { emulator, env } = await startSegmentTable()
    const { exitCode, stderr } = await migrate(env, "--drop-old")
    expect(stderr).toContain("There is no finished migration of segment_data, so there is nothing to drop.")
    expect(exitCode).toBe(2)
    expect(await readTableNames(emulator)).toEqual(["segment_data"])
  })
})
