import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname } from "node:path"
import { bundleInMemory } from "@singlesink/conformance/bundle"
import { type Emulator, startEmulator } from "@singlesink/emulator"
import { beforeAll, describe, expect, test } from "vitest"
import { eventFile } from "./questions/pipelines.ts"
import { questions } from "./questions/questions.ts"
import { runSinglestore } from "./singlestore.ts"

let bundle: string
beforeAll(async () => {
  bundle = await bundleInMemory(
    dirname(createRequire(import.meta.url).resolve("@singlesink/jitsu/package.json")),
  )
})

/** For slow machines. A full run takes about five seconds. */
const timeout = 60_000

const credentials = { username: "root", password: "hunter2 pässword" }
const start = () => startEmulator({ ...credentials, databases: ["events"] })

const toEnv = ({ url }: Emulator) => ({
  SINGLESTORE_URL: url,
  SINGLESTORE_USERNAME: credentials.username,
  SINGLESTORE_PASSWORD: credentials.password,
  SINGLESTORE_DATABASE: "events",
})

async function run(
  env: Record<string, string>,
  { args = [] as string[], whenPrinted = (_line: string, _stop: () => void) => {} } = {},
) {
  const stopping = new AbortController()
  const lines: string[] = []
  const errors: string[] = []
  const exitCode = await runSinglestore({
    args,
    env,
    print(line) {
      lines.push(line)
      whenPrinted(line, () => stopping.abort(new Error("Stopped.")))
    },
    printError: line => errors.push(line),
    readJitsuBundle: async () => bundle,
    stop: stopping.signal,
  })
  return { exitCode, text: lines.join("\n"), errors }
}

test("Against the emulator, every case passes, every question is answered, and no answer differs", {
  timeout,
}, async () => {
  await using emulator = await start()
  const { exitCode, text, errors } = await run(toEnv(emulator))
  expect(errors).toEqual([])
  expect(exitCode).toBe(0)
  for (const host of ["plain Node", "Jitsu function", "Segment action"])
    expect(text).toContain(`Host ${host}:`)
  expect(text).toContain("552 rows in the table for 552 messageIds: 0 lost")
  questions.forEach(({ question }, index) => {
    expect(text).toMatch(`\n${index + 1}. ${question}\n   `)
    expect(text).toMatch(new RegExp(`\n${index + 1}\\. (as assumed|beyond the emulator|nothing is assumed)`))
  })
  expect(text).toContain("5. beyond the emulator: ")
  expect(text).not.toContain(credentials.password)
  expect(text).not.toContain("left behind")
  expect(await emulator.query("SHOW TABLES")).toEqual([])
})

test("The command reports each failed case, continues with the rest, and leaves nothing behind", {
  timeout,
}, async () => {
  await using emulator = await start()
  await emulator.injectFault({ kind: "reject_rows", containing: "Tested" })
  const { exitCode, text, errors } = await run(toEnv(emulator))
  expect(exitCode).toBe(1)
  expect(errors[0]).toMatch(/^WRONG {3}The host stores events of every type: /)
  expect(errors.at(-1)).toMatch(/failed cases of the suite: \d+; the demo adds up; .*: 0$/)
  expect(text).toContain("12. as assumed")
  expect(await emulator.query("SHOW TABLES")).toEqual([])
})

test("On a server that is often busy, every table left behind is reported", { timeout }, async () => {
  await using emulator = await start()
  await emulator.injectFault({ kind: "respond", status: 503, times: "always", chance: 0.05 })
  const { exitCode, text, errors } = await run(toEnv(emulator))
  expect(exitCode).toBe(1)
  expect(text).toContain("Host Segment action:")
  const printed = `${text}\n${errors.join("\n")}`
  const tables = await emulator.query<Record<string, string>>("SHOW TABLES")
  for (const table of tables.flatMap(row => Object.values(row))) expect(printed).toContain(table)
})

test("Each table that cannot be dropped is reported by name, and the exit code is 1", {
  timeout,
}, async () => {
  await using emulator = await startEmulator({
    ...credentials,
    databases: ["events"],
    grants: ["SELECT", "INSERT", "CREATE"],
  })
  const { exitCode, text, errors } = await run(toEnv(emulator), {
    whenPrinted(line, stop) {
      if (line.includes("Host Jitsu function")) stop()
    },
  })
  expect(exitCode).toBe(1)
  expect(text).toContain("ok      0 cases passed")
  const tables = await emulator.query<Record<string, string>>("SHOW TABLES")
  expect(tables.length).toBeGreaterThan(1)
  for (const table of tables.flatMap(row => Object.values(row)))
    expect(errors).toContainEqual(expect.stringContaining(`WRONG   left behind: table \`${table}\`: `))
})

test("The --emulator flag starts a separate emulator and ignores the variables", { timeout }, async () => {
  const { exitCode, text, errors } = await run(
    { SINGLESTORE_URL: "http://127.0.0.1:65533" },
    { args: ["--emulator"] },
  )
  expect(errors).toEqual([])
  expect(exitCode).toBe(0)
  expect(text).toMatch(/^The emulator, in place of SingleStore/)
  expect(text).toContain("the demo adds up")
})

test("The --help flag prints the flags", async () => {
  const { exitCode, text } = await run({}, { args: ["--", "--help"] })
  expect(exitCode).toBe(0)
  expect(text).toContain("--emulator")
})

test("When the user stops the command, it finishes the current step and leaves nothing behind", async () => {
  await using emulator = await start()
  const { exitCode, text, errors } = await run(toEnv(emulator), {
    whenPrinted(line, stop) {
      if (line.includes("Host Jitsu function")) stop()
    },
  })
  expect(exitCode).toBe(1)
  expect(errors).toEqual(["e2e:singlestore: Stopped."])
  expect(text).not.toContain("Host Segment action")
  expect(await emulator.query("SHOW TABLES")).toEqual([])
})

describe("wrong input", () => {
  test.each([
    ["--bogus", "e2e:singlestore: Unknown option '--bogus'. See pnpm e2e:singlestore --help."],
    [
      "--emulator=no",
      "e2e:singlestore: Option '--emulator' does not take an argument. See pnpm e2e:singlestore --help.",
    ],
    ["word", "e2e:singlestore: Unexpected argument 'word'. See pnpm e2e:singlestore --help."],
  ])(
    "The wrong argument %s is reported in one sentence before anything is written",
    async (flag, sentence) => {
      const { exitCode, errors, text } = await run({}, { args: [flag] })
      expect({ exitCode, text, errors }).toEqual({ exitCode: 1, text: "", errors: [sentence] })
    },
  )

  test("Missing variables are listed, with a way to start a server", async () => {
    const { exitCode, errors, text } = await run({})
    expect({ exitCode, text }).toEqual({ exitCode: 1, text: "" })
    expect(errors).toEqual([
      expect.stringMatching(
        /SINGLESTORE_URL.*SINGLESTORE_USERNAME.*SINGLESTORE_PASSWORD.*SINGLESTORE_DATABASE.*docker compose up/,
      ),
    ])
  })

  test.each([
    ["A wrong password", { SINGLESTORE_PASSWORD: "wrong" }, "password"],
    ["A database that does not exist", { SINGLESTORE_DATABASE: "nope" }, "The database does not exist"],
    ["An invalid address", { SINGLESTORE_URL: "localhost" }, "`url` must be of the form"],
    ["An address without a server", { SINGLESTORE_URL: "http://127.0.0.1:65533" }, "Could not connect"],
    ["A missing variable", { SINGLESTORE_USERNAME: "" }, "SINGLESTORE_USERNAME not set"],
  ])("%s is reported in one sentence before anything is written", async (_, env, part) => {
    await using emulator = await start()
    const { exitCode, errors, text } = await run({ ...toEnv(emulator), ...env })
    expect({ exitCode, text }).toEqual({ exitCode: 1, text: "" })
    expect(errors).toEqual([expect.stringContaining(part)])
    expect(errors[0]).not.toContain("\n")
    expect(emulator.requests.length).toBeLessThanOrEqual(1)
  })
})

test("compose.yaml mounts the event at the path that the pipeline reads", () => {
  const compose = readFileSync(new URL("../../../../compose.yaml", import.meta.url), "utf8")
  expect(compose).toContain(`target: ${eventFile}\n`)
})
