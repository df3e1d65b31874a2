import { startEmulator } from "@singlesink/emulator"
import { expect, test } from "vitest"
import { cases } from "./cases.ts"
import { startPlainHost } from "./plain-host.ts"
import { credentials } from "./stage.ts"
import { type CaseResult, runSuite } from "./suite.ts"

test("outside of a test runner the suite tells what became of each case, and leaves no table behind", async () => {
  await using emulator = await startEmulator({ ...credentials, databases: [credentials.database] })
  const server = { url: emulator.url, ...credentials }
  const [first, second] = cases.map(({ name }) => name)
  const results: CaseResult[] = []
  for await (const result of runSuite(server, startPlainHost, { [second as string]: "it cannot" })) {
    results.push(result)
    // Every other table is gone before the next case.
    expect(await emulator.query("SHOW TABLES")).toEqual([])
  }
  expect(results.map(({ name }) => name)).toEqual(cases.map(({ name }) => name))
  expect(results[0]).toEqual({ name: first })
  expect(results[1]).toEqual({ name: second, skipped: "it cannot" })
  expect(results.filter(({ failed }) => failed !== undefined)).toEqual([])
})

test("a case that fails says why, its table is dropped, and the next is run", async () => {
  await using emulator = await startEmulator({ ...credentials, databases: [credentials.database] })
  const results = []
  for await (const result of runSuite({ url: emulator.url, ...credentials }, () => ({
    deliver: async events => events.map(() => "failed"),
  })))
    results.push(result)
  expect(results).toHaveLength(cases.length)
  expect(results[0]?.failed?.name).toBe("AssertionError")
  expect(await emulator.query("SHOW TABLES")).toEqual([])
})

test("a skip that names no case is refused", async () => {
  const suite = runSuite({ url: "http://localhost", ...credentials }, startPlainHost, { nope: "" })
  await expect(suite.next()).rejects.toThrow("There is no case named nope.")
})
