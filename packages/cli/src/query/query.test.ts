import { join } from "node:path"
import { describe, expect, onTestFinished, test, vi } from "vitest"
import { startDatabase } from "../testing/database.ts"
import { createFolder } from "../testing/folder.ts"
import { runCommand } from "../testing/terminal.ts"

const big = "SELECT 9007199254740993 AS id, 'a,\"b' AS name, 1 AS n"

describe("query", () => {
  test.each([
    ["ndjson", '{"id":9007199254740993,"name":"a,\\"b","n":1}\n'],
    ["json", '[\n  {"id":9007199254740993,"name":"a,\\"b","n":1}\n]\n'],
    ["csv", 'id,name,n\n9007199254740993,"a,""b",1\n'],
  ])("As %s a BIGINT keeps all its digits", async (format, expected) => {
    const { env } = await startDatabase()
    const { exitCode, stdout } = await runCommand(["query", big, "--format", format], { env })
    expect(stdout).toBe(expected)
    expect(exitCode).toBe(0)
  })

  test("On a terminal the rows are a table that fits its width, and control characters cannot reach the terminal", async () => {
    const { emulator, env } = await startDatabase({ hasTable: false })
    await emulator.exec("CREATE TABLE t (id BIGINT, text TEXT, SHARD KEY ())")
    await emulator.exec("INSERT INTO t (id, text) VALUES (?, ?), (?, ?)", [
      1,
      `\u001b[31m${"x".repeat(300)}`,
      20,
      null,
    ])
    const { stdout } = await runCommand(["query", "SELECT id, text FROM t ORDER BY id"], { env, isTTY: true })
    expect(stdout).not.toContain("\u001b")
    expect(Math.max(...stdout.split("\n").map(line => line.length))).toBeLessThanOrEqual(100)
    expect(stdout).toMatch(/│ +20 │ NULL/)
    expect(stdout).toMatch(/2 rows\n$/)
  })

  test("The query is read from stdin, and a semicolon at its end is dropped", async () => {
    const { env } = await startDatabase()
    expect((await runCommand(["query"], { env, stdin: "SELECT 1 AS one;\n" })).stdout).toBe('{"one":1}\n')
    expect(await runCommand(["query"], { env, stdin: " \n" })).toMatchObject({
      exitCode: 2,
      stderr: "error: There is no query on stdin.\n",
    })
    expect((await runCommand(["query"], { env, isTTY: true })).stderr).toContain("Pass a query, such as")
  })

  test("No rows are an empty result in each format", async () => {
    const { env } = await startDatabase()
    const outputs = ["json", "csv", "ndjson", "table"].map(
      async format =>
        (await runCommand(["query", "SELECT * FROM segment_data", "--format", format], { env })).stdout,
    )
    expect(await Promise.all(outputs)).toEqual(["[]\n", "", "", "0 rows\n"])
  })

  test("An error of the database has its code, and with --json it is a document", async () => {
    const { env } = await startDatabase()
    const plain = await runCommand(["query", "SELECT * FROM nowhere"], { env })
    expect(plain).toMatchObject({ exitCode: 2, stdout: "" })
    expect(plain.stderr).toMatch(
      /^error: .*\[unknown_table\]\nRun `singlesink explain unknown_table` for more\.\n$/,
    )
    const json = await runCommand(["query", "SELECT * FROM nowhere", "--json"], { env })
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: "unknown_table" } })
  })

  test("A server that is away is one sentence and exit code 1", async () => {
    const { env } = await startDatabase()
    const { exitCode, stderr } = await runCommand(["query", "SELECT 1", "--url", "http://127.0.0.1:9"], {
      env,
    })
    expect(stderr).toMatch(/^error: .*\[connection_failed\]\n/)
    expect(exitCode).toBe(1)
  })
})

describe("--emulator", () => {
  test("A new file starts with the table, and keeps its rows for the next command", async () => {
    const file = join(createFolder(), "events.db")
    const event = { messageId: "m1", type: "track", timestamp: "2026-01-01" }
    expect(
      (await runCommand(["load", "-", "--emulator", file], { stdin: JSON.stringify(event) })).exitCode,
    ).toBe(0)
    const { stdout } = await runCommand(["query", "SELECT messageId FROM segment_data", "--emulator", file])
    expect(stdout).toBe('{"messageId":"m1"}\n')
  })

  test("A file that is not one of an emulator is not touched", async () => {
    const { exitCode, stderr } = await runCommand(["query", "SELECT 1", "--emulator", import.meta.filename])
    expect(stderr).toContain("is not a file of the emulator. Write --emulator after the other arguments")
    expect(exitCode).toBe(2)
  })
})

describe("the command line", () => {
  test.each([
    [["querry"], /unknown command 'querry'\n\(Did you mean query\?\)/],
    [["query", "SELECT 1", "--emulater"], /unknown option '--emulater'\n\(Did you mean --emulator\?\)/],
    [
      ["query", "SELECT 1", "--format", "xml"],
      /argument 'xml' is invalid. Allowed choices are table, json, csv, ndjson/,
    ],
    [["load"], /missing required argument 'files'/],
  ])("A mistake is an error with a hint and exit code 2: %o", async (args, message) => {
    const { exitCode, stdout, stderr } = await runCommand(args)
    expect(stderr).toMatch(message)
    expect(stdout).toBe("")
    expect(exitCode).toBe(2)
  })

  test("--help of each command names the variables, and --version is that of the package", async () => {
    const help = await runCommand(["load", "--help"])
    expect(help).toMatchObject({ exitCode: 0, stderr: "" })
    expect(help.stdout).toContain("SINGLESTORE_URL")
    expect((await runCommand(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test("Completion scripts exist for four shells", async () => {
    // The library prints the script by itself.
    const log = vi.spyOn(console, "log").mockImplementation(() => {})
    onTestFinished(() => log.mockRestore())
    for (const shell of ["bash", "zsh", "fish", "powershell"]) {
      expect((await runCommand(["complete", shell])).exitCode).toBe(0)
      expect(log.mock.lastCall?.[0]).toContain("singlesink")
    }
  })
})
