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

test("The default flags are port 9000, the user root without a password, and the database events", () => {
  expect(readFlags([], {})).toEqual({
    port: 9000,
    host: "127.0.0.1",
    username: "root",
    password: "",
    databases: ["events"],
    maxBytes: 1_000_000,
  })
})

test("The password is a flag or an environment variable", () => {
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

test("Grants and the coercion of INSERT IGNORE are flags", () => {
  expect(
    readFlags(["--grant", "insert", "--grant", "CREATE VIEW", "--insert-ignore-coerces"], {}),
  ).toMatchObject({
    grants: ["INSERT", "CREATE VIEW"],
    insertIgnoreCoerces: true,
  })
})

test("The command prints the URL, the user and the databases", async () => {
  const { out, errors } = await run("--port", "0", "--database", "shop")
  expect(out).toEqual([
    expect.stringMatching(
      /^Data API at http:\/\/127\.0\.0\.1:\d+, user root, database shop\. Stop with Ctrl\+C\.$/,
    ),
  ])
  expect(errors).toEqual([])
})

test("--help prints every flag", async () => {
  expect(await run("--help")).toEqual({ result: "help", out: [help], errors: [] })
})

test.each([
  [["--prot", "1"], "singlesink-emulator: Unknown option '--prot'. Run with --help to see the flags."],
  [["serve"], "singlesink-emulator: Unexpected argument 'serve'. Run with --help to see the flags."],
  [
    ["--port"],
    "singlesink-emulator: Option '--port <value>' argument missing. Run with --help to see the flags.",
  ],
  [
    ["--grant", "FLY"],
    "singlesink-emulator: --grant must be one of SELECT, INSERT, DELETE, CREATE, ALTER, DROP, CREATE VIEW, DROP VIEW, not 'FLY'.",
  ],
  [["--port", "x"], "singlesink-emulator: --port must be a whole number from 0 to 65535, not 'x'."],
  [
    ["--max-bytes", "0"],
    `singlesink-emulator: --max-bytes must be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}, not '0'.`,
  ],
])("The flags %j are refused with one sentence", async (args, sentence) => {
  expect(await run(...args)).toEqual({ result: undefined, out: [], errors: [sentence] })
})

test("A taken port and a file that cannot be opened are errors of one sentence", async () => {
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
