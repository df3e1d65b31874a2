import { type Emulator, type EmulatorOptions, startEmulator } from "@singlesink/emulator"
import { describe, expect, test } from "vitest"
import type { StartHost } from "./host.ts"
import { startPlainHost } from "./plain-host.ts"
import { runSuite } from "./suite.ts"
import { credentials, runOnTestBed, withTestBed } from "./test-bed.ts"

const open = (options: EmulatorOptions = {}) =>
  startEmulator({ ...credentials, databases: [credentials.database], ...options })
const toServer = ({ url }: Emulator) => ({ url, ...credentials })

async function tablesOf(emulator: Emulator): Promise<string[]> {
  const rows = await emulator.query<Record<string, string>>("SHOW TABLES")
  return rows.flatMap(row => Object.values(row))
}

const nothing = async () => {}
/** Options of a server on which the user cannot drop a table. */
const keepsTables: EmulatorOptions = { grants: ["SELECT", "INSERT", "CREATE"] }

test("On a server that is often busy, every table left behind is reported", async () => {
  await using emulator = await open()
  await emulator.injectFault({ kind: "respond", status: 503, times: "always", chance: 0.05 })
  const lefts: string[] = []
  for (let round = 0; round < 3; round++) {
    for await (const { left } of runSuite(toServer(emulator), startPlainHost)) {
      if (left !== undefined) lefts.push(left)
    }
  }
  expect(emulator.requests.filter(({ fault }) => fault === "respond").length).toBeGreaterThan(5)
  for (const table of await tablesOf(emulator))
    expect(lefts).toContainEqual(expect.stringContaining(`\`${table}\``))
})

test("A table is dropped even if the server is busy at first", async () => {
  await using emulator = await open()
  const busy = async () => void (await emulator.injectFault({ kind: "respond", status: 503, times: 2 }))
  expect(await runOnTestBed(toServer(emulator), startPlainHost, busy)).toEqual({})
  expect(await tablesOf(emulator)).toEqual([])
})

test("A table is dropped if the answer to its creation was lost", async () => {
  await using emulator = await open()
  await emulator.injectFault({ kind: "respond", status: 504, after: "commit" })
  const { failed, left } = await runOnTestBed(toServer(emulator), startPlainHost, nothing)
  expect([failed?.message, left]).toEqual([expect.stringContaining("504"), undefined])
  expect(emulator.requests.map(({ fault, status }) => [fault, status])).toEqual([
    ["respond", 504],
    [undefined, 200],
  ])
  expect(await tablesOf(emulator)).toEqual([])
})

test("A table that cannot be dropped is reported with the reason after three attempts", async () => {
  await using emulator = await open(keepsTables)
  const result = await runOnTestBed(toServer(emulator), startPlainHost, nothing)
  const [table] = await tablesOf(emulator)
  expect(result).toEqual({ left: expect.stringContaining(`table \`${table}\`: `) })
  expect(result.left).toMatch(/privilege|may not|denied/i)
  expect(emulator.requests.filter(({ sql }) => sql?.startsWith("DROP TABLE IF EXISTS"))).toHaveLength(3)
})

test("The error of the case takes precedence over an error of close, which is also reported on its own", async () => {
  await using emulator = await open()
  const start: StartHost = () => ({
    deliver: async () => [],
    close: () => Promise.reject(new Error("It does not close.")),
  })
  const fail = () => Promise.reject(new Error("The case fails."))
  expect((await runOnTestBed(toServer(emulator), start, fail)).failed?.message).toBe("The case fails.")
  expect((await runOnTestBed(toServer(emulator), start, nothing)).failed?.message).toBe("It does not close.")
})

describe("withTestBed", () => {
  test("withTestBed throws the error of the case, and its message names the table left behind", async () => {
    await using emulator = await open(keepsTables)
    const thrown = new TypeError("The case fails.")
    const run = withTestBed(toServer(emulator), startPlainHost, () => Promise.reject(thrown))
    await expect(run).rejects.toBe(thrown)
    const [table] = await tablesOf(emulator)
    expect(thrown.message.split("\n")).toEqual([
      "The case fails.",
      expect.stringContaining(`Left behind: table \`${table}\``),
    ])
  })

  test("withTestBed throws if a table is left behind, even after a passed case", async () => {
    await using emulator = await open(keepsTables)
    await expect(withTestBed(toServer(emulator), startPlainHost, nothing)).rejects.toThrow(
      /^Left behind: table `singlesink case /,
    )
  })

  test("withTestBed wraps a thrown value that is not an error", async () => {
    await using emulator = await open()
    const run = withTestBed(toServer(emulator), startPlainHost, () => Promise.reject("just text"))
    await expect(run).rejects.toThrow("just text")
  })
})
