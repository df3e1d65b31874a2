import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { command } from "./command.ts"
import { help, readFlags } from "./flags.ts"
import { startClient } from "./testing/client.ts"

async function run(...args: string[]) {
  const out: string[] = []
  const errors: string[] = []
  const result = await command(args, { log: line => out.push(line), error: line => errors.push(line) })
  if (typeof result === "object") onTestFinished(() => result.close())
  return { result, out, errors }
}

test("the defaults are port 9000, root, no password, and the database events", () => {
  expect(readFlags([], {})).toEqual({
    port: 9000,
    host: "127.0.0.1",
    username: "root",
    password: "",
    databases: ["events"],
    maxBytes: 1_000_000,
  })
})

test("every flag is read, and the password may come from the environment", () => {
  const flags = "--port 0 --file e.db --username me --database a --database b --max-bytes 10".split(" ")
  expect(readFlags(flags, { SINGLESINK_EMULATOR_PASSWORD: "secret" })).toMatchObject({
    port: 0,
    file: "e.db",
    username: "me",
    password: "secret",
    databases: ["a", "b"],
    maxBytes: 10,
  })
  expect(readFlags(["--password", "x"], { SINGLESINK_EMULATOR_PASSWORD: "secret" })).toMatchObject({
    password: "x",
  })
})

test("what the user may do and what IGNORE does are flags too", () => {
  expect(readFlags(["--grant", "insert", "--grant", "CREATE VIEW", "--ignore-softens"], {})).toMatchObject({
    grants: ["INSERT", "CREATE VIEW"],
    ignoreSoftens: true,
  })
})

test("one line says where the emulator is, who may use it, and what is in it", async () => {
  const { out, errors } = await run("--port", "0", "--database", "shop")
  expect(out).toEqual([
    expect.stringMatching(
      /^Data API at http:\/\/127\.0\.0\.1:\d+, user root, database shop\. Stop with Ctrl\+C\.$/,
    ),
  ])
  expect(errors).toEqual([])
})

test("with --tls it speaks https, and the authority to trust is in the file of --tls-ca", async () => {
  const folder = await mkdtemp(join(tmpdir(), "emulator-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, "ca.pem")
  const { result, out } = await run("--port", "0", "--tls", "trusted", "--tls-ca", path, "--seed", "7")
  expect(out.join()).toMatch(/^Data API at https:\/\/127\.0\.0\.1:/)
  expect(typeof result === "object" && result.tls?.ca).toBe(await readFile(path, "utf8"))
  const nowhere = await run("--port", "0", "--tls", "expired", "--tls-ca", join(folder, "no", "ca.pem"))
  expect(nowhere.errors).toEqual([
    `singlesink-emulator: The authority cannot be written to ${join(folder, "no", "ca.pem")}: choose a file in a folder that exists.`,
  ])
})

test("--help shows every flag", async () => {
  expect(await run("--help")).toEqual({ result: "help", out: [help], errors: [] })
})

test.each([
  [["--prot", "1"], "singlesink-emulator: Unknown option '--prot'. --help shows the flags."],
  [["serve"], "singlesink-emulator: Unexpected argument 'serve'. --help shows the flags."],
  [["--port"], "singlesink-emulator: Option '--port <value>' argument missing. --help shows the flags."],
  [
    ["--grant", "FLY"],
    "singlesink-emulator: --grant must be one of SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX, ALTER, CREATE VIEW, SHOW VIEW, ALTER VIEW, DROP VIEW, CREATE DATABASE, DROP DATABASE, not 'FLY'.",
  ],
  [["--port", "x"], "singlesink-emulator: --port must be a whole number from 0 to 65535, not 'x'."],
  [
    ["--max-bytes", "0"],
    `singlesink-emulator: --max-bytes must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, not '0'.`,
  ],
  [
    ["--tls", "x"],
    "singlesink-emulator: --tls must be one of trusted, self_signed, expired, wrong_name, not 'x'.",
  ],
  [["--tls-ca", "ca.pem"], "singlesink-emulator: --tls-ca needs --tls."],
])("%j is answered with one sentence", async (args, sentence) => {
  expect(await run(...args)).toEqual({ result: undefined, out: [], errors: [sentence] })
})

test("a taken port and a file that cannot be opened are one sentence each", async () => {
  const { emulator } = await startClient()
  const taken = await run("--port", String(emulator.port))
  expect(taken.errors.join()).toMatch(
    /^singlesink-emulator: The emulator cannot listen on .*choose another port\.$/,
  )
  const missing = await run("--port", "0", "--file", "/nowhere/at/all.db")
  expect(missing.errors.join()).toMatch(
    /^singlesink-emulator: The file \/nowhere\/at\/all\.db cannot be opened[^\n]*$/,
  )
})
