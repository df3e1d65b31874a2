import { createServer } from "node:http"
import { createRequire } from "node:module"
import type { AddressInfo } from "node:net"
import { dirname } from "node:path"
import { bundleInMemory } from "@singlesink/conformance/bundle"
import { startEmulator } from "@singlesink/emulator"
import { beforeAll, describe, expect, test } from "vitest"
import { runDemo } from "./demo.ts"

let bundle: string
beforeAll(async () => {
  bundle = await bundleInMemory(
    dirname(createRequire(import.meta.url).resolve("@singlesink/jitsu/package.json")),
  )
})

async function run(
  args: string[],
  env: Record<string, string> = {},
  whileItRuns = async (_lines: string[]) => {},
) {
  const lines: string[] = []
  const errors: string[] = []
  const exitCode = await runDemo({
    args,
    env,
    print: line => lines.push(line),
    printError: line => errors.push(line),
    readJitsuBundle: async () => bundle,
    untilStopped: () => whileItRuns(lines),
  })
  return { exitCode, text: lines.join("\n"), errors }
}

const numbersOf = (text: string, host: string) =>
  (text.split("\n").find(line => line.startsWith(host)) ?? "")
    .match(/\d[\d,]*/g)
    ?.map(number => Number(number.replace(",", "")))

describe("the demo", () => {
  test("The demo stores 552 events through each host: 552 rows, 552 duplicates, 0 lost", async () => {
    const { exitCode, text, errors } = await run([])
    expect(errors).toEqual([])
    expect(exitCode).toBe(0)
    // events in, stored, duplicates, rejected, failed
    expect(numbersOf(text, "Jitsu function")?.slice(0, 5)).toEqual([552, 552, 0, 0, 0])
    expect(numbersOf(text, "Segment action")?.slice(0, 5)).toEqual([552, 552, 552, 0, 0])
    expect(text).toContain("552 rows in the table for 552 messageIds: 0 lost")
    expect(text).toMatch(/track +260\nidentify +108\n/)
  })

  test("With --keep, the demo prints three requests to try, and they work", async () => {
    const answers: unknown[] = []
    await run(["--keep"], {}, async lines => {
      for (const line of lines) {
        const [, url, credentials, body] = /curl -s (\S+) -u (\S+) .*-d '(.*)'$/.exec(line) ?? []
        if (url === undefined || credentials === undefined || body === undefined) continue
        const headers = { authorization: `Basic ${btoa(credentials)}`, "content-type": "application/json" }
        answers.push(await (await fetch(url, { method: "POST", headers, body })).json())
      }
    })
    expect(answers).toMatchObject([
      { results: [{ rows: [{ event: "Checkout Started", n: 57 }, {}, {}, {}, {}] }] },
      { results: [{ rows: [{ url: expect.stringContaining("https://") }, {}, {}] }] },
      { rowsAffected: 1 },
    ])
  })

  test("The demo uses the server of the environment, in its own table, which it drops", async () => {
    await using emulator = await startEmulator({ username: "u", password: "p", databases: ["mine"] })
    const { exitCode, text } = await run([], {
      SINGLESTORE_URL: emulator.url,
      SINGLESTORE_USERNAME: "u",
      SINGLESTORE_PASSWORD: "p",
      SINGLESTORE_DATABASE: "mine",
    })
    expect(exitCode).toBe(0)
    expect(text).toMatch(/go to table singlesink_demo_\w{8} of http/)
    expect(emulator.requests.length).toBeGreaterThan(10)
    expect(await emulator.query("SHOW TABLES")).toEqual([])
  })
})

describe("wrong input", () => {
  test("A port that is in use is reported in one sentence", async () => {
    const other = createServer()
    await new Promise<void>(resolve => other.listen(0, "127.0.0.1", resolve))
    const { port } = other.address() as AddressInfo
    const { exitCode, errors, text } = await run(["--port", String(port)])
    other.close()
    expect({ exitCode, text }).toEqual({ exitCode: 1, text: "" })
    expect(errors).toEqual([expect.stringMatching(new RegExp(`^demo: .*${port}.*`))])
  })

  test.each([
    ["An unknown flag", ["--what"], "--what"],
    ["An invalid port", ["--port", "many"], "`--port` must be a number"],
  ])("%s is reported in one sentence", async (_, args, part) => {
    const { exitCode, errors } = await run(args)
    expect(exitCode).toBe(1)
    expect(errors).toEqual([expect.stringContaining(part)])
  })

  test.each([
    ["A wrong password", { SINGLESTORE_PASSWORD: "wrong" }, "Authentication failed"],
    ["A database that does not exist", { SINGLESTORE_DATABASE: "nope" }, "The database does not exist"],
    ["An invalid address", { SINGLESTORE_URL: "localhost" }, "`url` must be of the form"],
    ["An address without a server", { SINGLESTORE_URL: "http://127.0.0.1:1" }, "Could not connect"],
    ["A missing variable", { SINGLESTORE_USERNAME: "" }, "SINGLESTORE_USERNAME not set"],
  ])("%s is reported in one sentence before anything is written", async (_, env, part) => {
    await using emulator = await startEmulator({ username: "u", password: "p", databases: ["mine"] })
    const { exitCode, errors, text } = await run([], {
      SINGLESTORE_URL: emulator.url,
      SINGLESTORE_USERNAME: "u",
      SINGLESTORE_PASSWORD: "p",
      SINGLESTORE_DATABASE: "mine",
      ...env,
    })
    expect({ exitCode, text }).toEqual({ exitCode: 1, text: "" })
    expect(errors).toEqual([expect.stringContaining(part)])
    expect(errors[0]).not.toContain("\n")
    expect(await emulator.query("SHOW TABLES")).toEqual([])
  })
})
