import { readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { createTableSql } from "@singlesink/core"
import { expect, onTestFinished, test } from "vitest"
import { startDatabase } from "../testing/database.ts"
import { createFolder } from "../testing/folder.ts"
import { type RunResult, runCommand } from "../testing/terminal.ts"

const key = "a-write-key"

interface Serving {
  readonly url: string
  /** Ends it like Ctrl+C. */
  stop(): Promise<RunResult>
}

/** Starts `singlesink serve` on a free port. Its first output is the JSON document. */
async function startServe(args: readonly string[], env: Record<string, string>): Promise<Serving> {
  const port = await findFreePort()
  let interrupt = () => {}
  const running = runCommand(["serve", "--json", "--listen", `127.0.0.1:${port}`, ...args], {
    env,
    onInterrupt(stop) {
      interrupt = stop
    },
  })
  const url = `http://127.0.0.1:${port}`
  const stop = () => {
    interrupt()
    return running
  }
  onTestFinished(async () => void (await stop()))
  await expect
    .poll(
      () =>
        fetch(`${url}/health`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 5_000 },
    )
    .toBe(200)
  return { url, stop }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await new Promise(resolve => server.once("listening", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

const track = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/track`, { method: "POST", body: JSON.stringify(body), headers })

test("serve stores the events of keys in their tables, and Ctrl+C ends it with 0", async () => {
  const folder = createFolder()
  const { emulator, env } = await startDatabase()
  await emulator.exec(createTableSql({ table: "other" }))
  const keys = join(folder, "keys")
  writeFileSync(keys, `${key}\nanother-key=other\n`)
  const { url, stop } = await startServe(
    ["--write-key-file", keys, "--dead-letters", join(folder, "dead-letters.ndjson")],
    env,
  )
  const event = { messageId: "m1", event: "Signed Up", userId: "u1" }
  expect((await track(url, event)).status).toBe(401)
  expect((await track(url, event, { "x-write-key": "wrong-key" })).status).toBe(401)
  expect((await track(url, event, { "x-write-key": key })).status).toBe(200)
  expect((await track(url, event, { authorization: "Bearer another-key" })).status).toBe(200)
  expect((await track(url, { ...event, timestamp: "no" }, { "x-write-key": key })).status).toBe(400)
  expect(await emulator.query("SELECT messageId, type FROM segment_data")).toMatchObject([
    { messageId: "m1" },
  ])
  expect(await emulator.query("SELECT messageId FROM other")).toMatchObject([{ messageId: "m1" }])
  const { exitCode, stdout, stderr } = await stop()
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ url, table: "segment_data", database: "events" })
  expect(stdout + stderr).not.toContain("another-key")
  const [letter] = readFileSync(join(folder, "dead-letters.ndjson"), "utf8").trim().split("\n")
  expect(JSON.parse(letter as string)).toMatchObject({ code: "invalid_timestamp", source: "/v1/track" })
})

test("serve answers 503 while the database is away at its start, and stores events when it is back", async () => {
  const { emulator, env } = await startDatabase()
  emulator.injectFault({ kind: "disconnect", times: "always" })
  const { url, stop } = await startServe(["--anonymous", "--no-dead-letters"], env)
  expect((await fetch(`${url}/ready`)).status).toBe(503)
  expect((await track(url, { event: "Signed Up" })).status).toBe(503)
  emulator.clearFaults()
  expect((await track(url, { event: "Signed Up" })).status).toBe(200)
  expect((await stop()).exitCode).toBe(0)
}, 15_000)

test.each([
  [["--listen", "8080"], {}, "--listen must be an address and a port, such as 0.0.0.0:8080."],
  [["--listen", "127.0.0.1:99999"], {}, "--listen must have a port up to 65535."],
  [[], { SINGLESINK_WRITE_KEYS: "" }, "There is no write key. Set SINGLESINK_WRITE_KEYS"],
  [[], { SINGLESINK_WRITE_KEYS: "tiny" }, "with keys of at least 8 characters"],
  [["--anonymous"], {}, "--anonymous and write keys exclude each other."],
  [["--max-calls-per-second", "many"], {}, "--max-calls-per-second must be a number of calls."],
  [
    ["--dead-letters", "/missing/dead-letters"],
    {},
    "/missing/dead-letters cannot be opened (ENOENT). Set --dead-letters",
  ],
  [["--live"], { SINGLESINK_LIVE_KEY: "tiny" }, "SINGLESINK_LIVE_KEY must have at least 16 characters."],
  [["--table", "missing"], {}, "CREATE TABLE"],
] as const)("serve with %j and %j ends with 2 and one message", async (args, env, message) => {
  const { env: database } = await startDatabase()
  const variables = { ...database, SINGLESINK_WRITE_KEYS: key, ...env }
  const listen = args[0] === "--listen" ? [] : ["--listen", `127.0.0.1:${await findFreePort()}`]
  const deadLetters = args[0] === "--dead-letters" ? [] : ["--no-dead-letters"]
  const { exitCode, stderr } = await runCommand(["serve", ...listen, ...deadLetters, ...args], {
    env: variables,
  })
  expect(stderr).toContain(message)
  expect(stderr).not.toContain("tiny")
  expect(exitCode).toBe(2)
})

test("serve on a taken port ends with 2 and one sentence", async () => {
  const { env } = await startDatabase()
  const server = createServer().listen(0, "127.0.0.1")
  await new Promise(resolve => server.once("listening", resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const args = ["serve", "--anonymous", "--no-dead-letters", "--listen", `127.0.0.1:${port}`]
  const { exitCode, stderr } = await runCommand(args, { env })
  expect(exitCode).toBe(2)
  expect(stderr).toBe(
    `error: The receiver cannot listen on 127.0.0.1:${port}: the port is taken. Set another address with --listen.\n`,
  )
})

test("serve with --emulator needs no key, creates the table and prints the address of the live page", async () => {
  const file = join(createFolder(), "events.db")
  const { url, stop } = await startServe(["--emulator", file, "--no-dead-letters"], {})
  expect((await track(url, { event: "Signed Up" })).status).toBe(200)
  const { exitCode, stdout } = await stop()
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout).live).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/live#[\w-]{24}$/)
  const { stdout: rows } = await runCommand(["query", "--emulator", file, "SELECT event FROM segment_data"])
  expect(rows).toContain("Signed Up")
})
