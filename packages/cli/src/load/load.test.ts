import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Readable } from "node:stream"
import { gzipSync } from "node:zlib"
import { describe, expect, test, vi } from "vitest"
import { startDatabase } from "../testing/database.ts"
import { createFolder } from "../testing/folder.ts"
import { runCommand } from "../testing/terminal.ts"

const eventOf = (id: number | string, more: object = {}) => ({
  messageId: `m${id}`,
  type: "track",
  event: "Signed Up",
  timestamp: "2026-11-26T10:00:00Z",
  ...more,
})

const toLines = (events: readonly unknown[]) => events.map(event => `${JSON.stringify(event)}\n`).join("")
const eventsOf = (count: number) => Array.from({ length: count }, (_, index) => eventOf(index))

function writeEvents(folder: string, content: string | Buffer, name = "events.ndjson"): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function idsIn(emulator: { query<Row>(sql: string): Promise<Row[]> }): Promise<string[]> {
  const rows = await emulator.query<{ messageId: string }>(
    "SELECT messageId FROM segment_data ORDER BY messageId",
  )
  return rows.map(({ messageId }) => messageId)
}

describe("load", () => {
  test("Every event of all files is stored, and the first line of the result accounts for each", async () => {
    const { emulator, env } = await startDatabase()
    const folder = createFolder()
    writeEvents(folder, toLines(eventsOf(5)))
    writeEvents(folder, gzipSync(JSON.stringify([eventOf(5), eventOf(0)])), "more.json.gz")
    const { exitCode, stdout, stderr } = await runCommand(["load", folder], { env })
    expect(stderr).toBe("")
    expect(stdout).toMatch(
      /^7 read = 7 stored \+ 0 rejected \+ 0 failed \+ 0 broken\n1 of the stored were in events.segment_data before\n/,
    )
    expect(exitCode).toBe(0)
    expect(await idsIn(emulator)).toEqual(["m0", "m1", "m2", "m3", "m4", "m5"])
  })

  test("Events are read from stdin", async () => {
    const { emulator, env } = await startDatabase()
    const { exitCode } = await runCommand(["load", "-"], { env, stdin: toLines(eventsOf(3)) })
    expect(exitCode).toBe(0)
    expect(await idsIn(emulator)).toHaveLength(3)
  })

  test("Rejected events and broken lines are reported with file, line and code, and the rest is stored", async () => {
    const { emulator, env } = await startDatabase()
    const folder = createFolder()
    const bad = eventOf("secret", { timestamp: "hunter2" })
    const path = writeEvents(folder, `${toLines([eventOf(1), bad])}{"broken\n${toLines([eventOf(2)])}`)
    const deadLetters = join(folder, "letters.ndjson")
    const { exitCode, stdout, stderr } = await runCommand(["load", path, "--dead-letters", deadLetters], {
      env,
    })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`${path}:2 Column timestamp is not a valid time`)
    expect(stderr).toContain(`${path}:3 The line is not a JSON object. [broken_record]`)
    expect(stdout).toContain("4 read = 2 stored + 1 rejected + 0 failed + 1 broken")
    expect(stdout + stderr).not.toContain("hunter2")
    expect(await idsIn(emulator)).toEqual(["m1", "m2"])

    const letters = readFileSync(deadLetters, "utf8")
      .trim()
      .split("\n")
      .map(line => JSON.parse(line))
    expect(letters).toEqual([
      {
        event: bad,
        source: `${path}:2`,
        code: "invalid_timestamp",
        reason: expect.stringContaining("timestamp"),
        column: "timestamp",
        attempts: 1,
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        time: expect.stringMatching(/Z$/),
      },
      expect.objectContaining({ text: '{"broken', source: `${path}:3`, code: "broken_record", attempts: 0 }),
    ])
  })

  test("With --json the result is one document", async () => {
    const { env } = await startDatabase()
    const path = writeEvents(createFolder(), toLines([eventOf(1), {}]))
    const { exitCode, stdout, stderr } = await runCommand(["load", path, "--json"], { env })
    expect(exitCode).toBe(1)
    expect(stderr).toBe("")
    expect(JSON.parse(stdout)).toMatchObject({
      read: 2,
      stored: 1,
      rejected: 1,
      failed: 0,
      broken: 0,
      duplicates: 0,
      problems: [{ code: "missing_value", count: 1, source: `${path}:2` }],
    })
  })

  test("--dry-run validates without a server and stores nothing", async () => {
    const path = writeEvents(createFolder(), toLines([eventOf(1), { type: "track" }]))
    const { exitCode, stdout } = await runCommand(["load", path, "--dry-run"])
    expect(stdout).toContain("2 read = 1 would be stored + 1 rejected + 0 failed + 0 broken")
    expect(exitCode).toBe(1)
  })

  test("CSV columns become events by --map", async () => {
    const { emulator, env } = await startDatabase()
    const path = writeEvents(createFolder(), "id,at,kind,plan\nm1,2026-01-01,identify,pro\n", "users.csv")
    const map = ["id=messageId", "at=timestamp", "kind=type", "plan=traits.plan"].flatMap(each => [
      "--map",
      each,
    ])
    const { exitCode } = await runCommand(["load", path, ...map], { env })
    expect(exitCode).toBe(0)
    expect(await emulator.query("SELECT messageId, traits FROM segment_data")).toEqual([
      { messageId: "m1", traits: { plan: "pro" } },
    ])
  })

  test("An event that violates the schema of its name is rejected with the paths, or counted with --on-violation observe", async () => {
    const { env } = await startDatabase()
    const folder = createFolder()
    const schema = join(folder, "plan.json")
    const properties = { type: "object", required: ["plan"], properties: { plan: { type: "string" } } }
    writeFileSync(schema, JSON.stringify({ "Signed Up": { type: "object", properties: { properties } } }))
    const path = writeEvents(
      folder,
      toLines([eventOf(1, { properties: { plan: "pro" } }), eventOf(2, { properties: {} })]),
    )
    const rejected = await runCommand(["load", path, "--schema", schema], { env })
    expect(rejected.stderr).toContain(":2 The event violates its schema at properties.plan.")
    expect(rejected.exitCode).toBe(1)
    const observed = await runCommand(["load", path, "--schema", schema, "--on-violation", "observe"], {
      env,
    })
    expect(observed.stdout).toContain("1 violate their schema")
    expect(observed.exitCode).toBe(0)
  })

  test.each([
    ["no JSON", "{", /is not a schema/],
    ["an array", "[]", /is not a schema/],
    ["an invalid JSON Schema", '{"type": "nonsense"}', /the file is not a valid JSON Schema/],
    ["a name without a schema", '{"Signed Up": 5}', /"Signed Up" must be a JSON Schema/],
  ])("A schema file with %s is an error before anything is read", async (_, content, message) => {
    const folder = createFolder()
    const path = writeEvents(folder, toLines([eventOf(1)]))
    const schema = writeEvents(folder, content, "plan.json")
    const { exitCode, stderr } = await runCommand(["load", path, "--dry-run", "--schema", schema])
    expect(stderr).toMatch(message)
    expect(exitCode).toBe(2)
  })
})

const wrongSql = {
  kind: "respond",
  status: 400,
  engineCode: 1064,
  times: "always",
  milliseconds: 60_000,
} as const

describe("a load that cannot go on", () => {
  test.each([
    ["is missing", "DROP TABLE segment_data", /has no table segment_data[\s\S]*CREATE TABLE IF NOT EXISTS/],
    [
      "lacks a column",
      "CREATE TABLE other (id TEXT)",
      /has no column[\s\S]*ALTER TABLE `other` ADD COLUMN `messageId` TEXT/,
    ],
  ])("A table that %s stops it before it starts, with the statement that helps", async (_, sql, message) => {
    const { emulator, env } = await startDatabase()
    await emulator.exec(sql)
    const path = writeEvents(createFolder(), toLines(eventsOf(3)))
    const args = sql.includes("other") ? ["--table", "other"] : []
    const { exitCode, stdout, stderr } = await runCommand(["load", path, ...args], { env })
    expect(stderr).toMatch(message)
    expect(stdout).toBe("")
    expect(exitCode).toBe(2)
  })

  test("An error of the configuration stops it with exit code 2, and it continues with --resume", async () => {
    const { emulator, env } = await startDatabase()
    const folder = createFolder()
    const path = writeEvents(folder, toLines(eventsOf(3_000)))
    const args = ["load", path, "--checkpoint", join(folder, "checkpoint")]
    await emulator.injectFault({ ...wrongSql, on: "exec" })
    const first = await runCommand(args, { env })
    expect(first.exitCode).toBe(2)
    expect(first.stderr).toContain("[sql_error]")
    expect(first.stderr).toContain("--resume")

    const again = await runCommand(args, { env })
    expect(again.stderr).toContain("An earlier load of these files was interrupted")
    expect(again.exitCode).toBe(2)

    emulator.clearFaults()
    const resumed = await runCommand([...args, "--resume"], { env })
    expect(resumed.stdout).toContain("3,000 read = 3,000 stored")
    expect(resumed.exitCode).toBe(0)
    expect(existsSync(join(folder, "checkpoint"))).toBe(false)
  })

  test("A checkpoint of a file that has changed since is an error", async () => {
    const { emulator, env } = await startDatabase()
    const folder = createFolder()
    const path = writeEvents(folder, toLines(eventsOf(3)))
    const args = ["load", path, "--checkpoint", join(folder, "checkpoint")]
    await emulator.injectFault({ ...wrongSql, on: "exec" })
    await runCommand(args, { env })
    writeEvents(folder, toLines(eventsOf(4)))
    const { exitCode, stderr } = await runCommand([...args, "--resume"], { env })
    expect(stderr).toContain("has changed. Remove it to start again.")
    expect(exitCode).toBe(2)
  })

  test("A server that understands nothing stops it, and nothing counts as stored", async () => {
    const { emulator, env } = await startDatabase()
    const folder = createFolder()
    const path = writeEvents(folder, toLines(eventsOf(10)))
    await emulator.injectFault(wrongSql)
    const { exitCode, stdout } = await runCommand(
      ["load", path, "--checkpoint", join(folder, "c"), "--json"],
      { env },
    )
    expect(JSON.parse(stdout)).toMatchObject({
      read: 10,
      stored: 0,
      failed: 10,
      error: expect.stringContaining("[sql_error]"),
    })
    expect(exitCode).toBe(2)
  })

  test("Ctrl+C finishes what is in flight, writes a checkpoint and exits with 130; --resume loads the rest once", async () => {
    const { emulator, env } = await startDatabase()
    const folder = createFolder()
    let interrupt = () => {}
    async function* lines() {
      for (let part = 0; part < 20; part++) {
        if (part === 10) interrupt()
        yield Buffer.from(toLines(Array.from({ length: 500 }, (_, index) => eventOf(part * 500 + index))))
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    }
    const args = ["load", "-", "--checkpoint", join(folder, "checkpoint")]
    const stopped = await runCommand(args, {
      env,
      stdin: Readable.from(lines()),
      onInterrupt: stop => {
        interrupt = stop
      },
    })
    expect(stopped.exitCode).toBe(130)
    expect(stopped.stderr).toContain("--resume")
    const { position, counts } = JSON.parse(readFileSync(join(folder, "checkpoint"), "utf8"))
    expect(counts.stored).toBe(position.record)
    expect(counts.stored).toBeGreaterThan(0)
    expect(await idsIn(emulator)).toHaveLength(counts.stored)

    const resumed = await runCommand([...args, "--resume"], { env, stdin: toLines(eventsOf(10_000)) })
    expect(resumed.stdout).toContain("10,000 read = 10,000 stored")
    expect(await idsIn(emulator)).toHaveLength(10_000)
  })

  test("A checkpoint that cannot be written stops the load with its reason", async () => {
    const { env } = await startDatabase()
    const folder = createFolder()
    const path = writeEvents(folder, toLines(eventsOf(3)))
    const { exitCode, stderr } = await runCommand(["load", path, "--checkpoint", join(path, "c")], { env })
    expect(stderr).toMatch(/The checkpoint .* cannot be (written|read).*ENOTDIR/)
    expect(exitCode).toBeGreaterThan(0)
  })

  test("A server that answers with a page stores and rejects nothing, and Ctrl+C ends its retries", async () => {
    const { emulator, env } = await startDatabase()
    const folder = createFolder()
    const path = writeEvents(folder, toLines(eventsOf(3)))
    const body = "<!doctype html><title>Sign in</title>"
    const page = { kind: "respond", status: 404, body, times: "always", milliseconds: 60_000 } as const
    await emulator.injectFault({ ...page, on: "exec" })
    let interrupt = () => {}
    const running = runCommand(["load", path, "--checkpoint", join(folder, "c"), "--json"], {
      env,
      onInterrupt: stop => {
        interrupt = stop
      },
    })
    await vi.waitFor(() => expect(emulator.requests.some(({ status }) => status === 404)).toBe(true))
    interrupt()
    const { exitCode, stdout } = await running
    expect(JSON.parse(stdout)).toMatchObject({ stored: 0, rejected: 0, checkpoint: join(folder, "c") })
    expect(exitCode).toBeGreaterThan(0)
  })

  test("A --map without an equals sign is an error before anything is read", async () => {
    const path = writeEvents(createFolder(), "id\nm1\n", "e.csv")
    const { exitCode, stderr } = await runCommand(["load", path, "--dry-run", "--map", "id"])
    expect(stderr).toContain("--map id must be COLUMN=PATH")
    expect(exitCode).toBe(2)
  })

  test("A dead-letter file on a full disk stops the load, and nothing is lost", async () => {
    const { env } = await startDatabase()
    const folder = createFolder()
    const path = writeEvents(folder, toLines([eventOf(1), {}]))
    const args = ["load", path, "--dead-letters", "/dev/full", "--checkpoint", join(folder, "checkpoint")]
    const { exitCode, stderr } = await runCommand(args, { env })
    expect(stderr).toContain("The dead letters cannot be written to /dev/full: the disk is full.")
    expect(exitCode).toBe(1)
  })
})

describe("replay", () => {
  test("Events are stored when their cause is gone, and the result says what changed", async () => {
    const { emulator, env } = await startDatabase()
    const folder = createFolder()
    const path = writeEvents(
      folder,
      toLines([eventOf(1, { timestamp: "no" }), eventOf(2, { timestamp: "no" }), eventOf(3)]),
    )
    const letters = join(folder, "letters.ndjson")
    await runCommand(["load", path, "--dead-letters", letters], { env })
    // The operator corrects one of the two.
    const [first = "", second = ""] = readFileSync(letters, "utf8").split("\n")
    writeFileSync(letters, `${first.replace('"timestamp":"no"', '"timestamp":"2026-01-01"')}\n${second}\n`)

    const left = join(folder, "left.ndjson")
    const { exitCode, stdout, stderr } = await runCommand(["replay", letters, "--dead-letters", left], {
      env,
    })
    expect(stdout).toContain("2 read = 1 stored + 1 rejected")
    expect(stderr).toContain("invalid_timestamp: 1 stored now, 1 as before")
    expect(exitCode).toBe(1)
    expect(await idsIn(emulator)).toEqual(["m1", "m3"])
    expect(JSON.parse(readFileSync(left, "utf8"))).toMatchObject({ event: { messageId: "m2" }, attempts: 2 })
  })

  test("A file that has no dead letters is broken line by line, and the files must differ", async () => {
    const { env } = await startDatabase()
    const path = writeEvents(createFolder(), toLines([eventOf(1)]))
    const { exitCode, stderr } = await runCommand(["replay", path], { env })
    expect(stderr).toContain(":1 The line is not a dead letter with an event.")
    expect(exitCode).toBe(1)
    const same = await runCommand(["replay", path, "--dead-letters", path], { env })
    expect(same.stderr).toContain("--dead-letters must be another file")
  })
})
