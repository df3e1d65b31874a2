import { type Emulator, type EmulatorOptions, startEmulator } from "@singlesink/emulator"
import { describe, expect, test } from "vitest"
import type { StartHost } from "./host.ts"
import { startPlainHost } from "./plain-host.ts"
import { credentials, perform, withStage } from "./stage.ts"
import { runSuite } from "./suite.ts"

const open = (options: EmulatorOptions = {}) =>
  startEmulator({ ...credentials, databases: [credentials.database], ...options })
const toServer = ({ url }: Emulator) => ({ url, ...credentials })

async function tablesOf(emulator: Emulator): Promise<string[]> {
  const rows = await emulator.query<Record<string, string>>("SHOW TABLES")
  return rows.flatMap(row => Object.values(row))
}

const nothing = async () => {}
/** Leaves every table where it is. */
const keepsTables: EmulatorOptions = { grants: ["SELECT", "INSERT", "CREATE"] }

test("on a server that is often busy no table is left without a word", async () => {
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

test("a table goes although the server is busy at first", async () => {
  await using emulator = await open()
  const busy = async () => void (await emulator.injectFault({ kind: "respond", status: 503, times: 2 }))
  expect(await perform(toServer(emulator), startPlainHost, busy)).toEqual({})
  expect(await tablesOf(emulator)).toEqual([])
})

test("a table that was made although the answer says nothing of it is dropped", async () => {
  await using emulator = await open()
  await emulator.injectFault({ kind: "respond", status: 504, after: "commit" })
  const { failed, left } = await perform(toServer(emulator), startPlainHost, nothing)
  expect([failed?.message, left]).toEqual([expect.stringContaining("504"), undefined])
  expect(emulator.requests.map(({ fault, status }) => [fault, status])).toEqual([
    ["respond", 504],
    [undefined, 200],
  ])
  expect(await tablesOf(emulator)).toEqual([])
})

test("a table that cannot be dropped is left after three tries, and named with the reason", async () => {
  await using emulator = await open(keepsTables)
  const performance = await perform(toServer(emulator), startPlainHost, nothing)
  const [table] = await tablesOf(emulator)
  expect(performance).toEqual({ left: expect.stringContaining(`table \`${table}\`: `) })
  expect(performance.left).toMatch(/privilege|may not|denied/i)
  expect(emulator.requests.filter(({ sql }) => sql?.startsWith("DROP TABLE IF EXISTS"))).toHaveLength(3)
})

test("the error of the case wins over that of a host that cannot be closed, which wins over none", async () => {
  await using emulator = await open()
  const start: StartHost = () => ({
    deliver: async () => [],
    close: () => Promise.reject(new Error("It does not close.")),
  })
  const fail = () => Promise.reject(new Error("The case fails."))
  expect((await perform(toServer(emulator), start, fail)).failed?.message).toBe("The case fails.")
  expect((await perform(toServer(emulator), start, nothing)).failed?.message).toBe("It does not close.")
})

describe("inside a test", () => {
  test("the case's own error is thrown, and names what is left", async () => {
    await using emulator = await open(keepsTables)
    const thrown = new TypeError("The case fails.")
    const run = withStage(toServer(emulator), startPlainHost, () => Promise.reject(thrown))
    await expect(run).rejects.toBe(thrown)
    const [table] = await tablesOf(emulator)
    expect(thrown.message.split("\n")).toEqual([
      "The case fails.",
      expect.stringContaining(`Left behind: table \`${table}\``),
    ])
  })

  test("a table that is left is an error, also where the case was passed", async () => {
    await using emulator = await open(keepsTables)
    await expect(withStage(toServer(emulator), startPlainHost, nothing)).rejects.toThrow(
      /^Left behind: table `singlesink case /,
    )
  })

  test("something thrown that is no error is an error", async () => {
    await using emulator = await open()
    const run = withStage(toServer(emulator), startPlainHost, () => Promise.reject("just text"))
    await expect(run).rejects.toThrow("just text")
  })
})
