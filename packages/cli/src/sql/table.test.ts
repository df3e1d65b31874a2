import { PassThrough } from "node:stream"
import { createTableSql } from "@singlesink/core"
import { expect, test } from "vitest"
import { startDatabase } from "../testing/database.ts"
import { runCommand } from "../testing/terminal.ts"

/** The keyboard of a terminal. */
function press(keys: string) {
  const stdin = Object.assign(new PassThrough(), { setRawMode: () => stdin })
  stdin.write(keys)
  return stdin
}

test("sql table prints the statement of createTableSql, and needs no server", async () => {
  const { exitCode, stdout } = await runCommand(["sql", "table", "--table", "events"])
  expect(exitCode).toBe(0)
  expect(stdout).toContain(`${createTableSql({ table: "events" })};\n`)
})

test("sql table --json prints the statements and the notes", async () => {
  const { stdout } = await runCommand(["sql", "table", "--json", "--no-deduplicate"])
  const { statements, notes } = JSON.parse(stdout)
  expect(statements).toEqual([createTableSql({ deduplicate: false })])
  expect(notes[0]).toMatch(/^IF NOT EXISTS/)
})

test("sql table --apply --yes creates the table without a question", async () => {
  const { emulator, env } = await startDatabase({ hasTable: false })
  const { exitCode, stderr } = await runCommand(["sql", "table", "--apply", "--yes"], { env })
  expect(exitCode).toBe(0)
  expect(stderr).toContain("1 statement done.")
  expect(await emulator.query("SELECT COUNT(*) AS n FROM segment_data")).toEqual([{ n: 0 }])
})

test("sql table --apply without a terminal and without --yes does nothing and exits with 2", async () => {
  const { emulator, env } = await startDatabase({ hasTable: false })
  const { exitCode, stdout, stderr } = await runCommand(["sql", "table", "--apply"], { env })
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" })
  expect(stderr).toContain("There is no terminal to ask on. Pass --yes")
  expect(emulator.requests).toEqual([])
})

test.each([
  ["y", 0, 1],
  ["n", 1, 0],
  ["\x03", 130, 0],
])("On a terminal the answer %j ends sql table --apply with exit code %i", async (keys, code, created) => {
  const { emulator, env } = await startDatabase({ hasTable: false })
  const { exitCode, stderr } = await runCommand(["sql", "table", "--apply"], {
    env,
    stdin: press(keys),
    isTTY: true,
  })
  expect(stderr).toContain("Create the table segment_data in events?")
  expect(exitCode).toBe(code)
  expect(await emulator.query("SHOW TABLES")).toHaveLength(created)
})

test("A statement that fails is named with its number", async () => {
  const { emulator, env } = await startDatabase({ hasTable: false })
  await emulator.injectFault({ kind: "respond", engineCode: 1142, status: 403, on: "exec" } as never)
  const { exitCode, stderr } = await runCommand(["sql", "table", "--apply", "--yes"], { env })
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/Statement 1 of 1 failed.*\[permission_denied\]/s)
})

test("A mistake in the columns is an error that names --columns", async () => {
  const { exitCode, stderr } = await runCommand(["sql", "table", "--columns", "package.json"])
  expect(exitCode).toBe(2)
  expect(stderr).toContain("The file of --columns is wrong: `columns` must be")
})
