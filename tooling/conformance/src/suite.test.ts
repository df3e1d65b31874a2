import { startEmulator } from "@singlesink/emulator"
import { expect, test } from "vitest"
import { cases } from "./cases.ts"
import { startPlainHost } from "./plain-host.ts"
import { type CaseResult, runSuite } from "./suite.ts"
import { credentials } from "./test-bed.ts"

test("runSuite yields the result of every case and leaves no table behind", async () => {
  await using emulator = await startEmulator({ ...credentials, databases: [credentials.database] })
  const server = { url: emulator.url, ...credentials }
  const [first, second] = cases.map(({ name }) => name)
  const results: CaseResult[] = []
  for await (const result of runSuite(server, startPlainHost, { [second as string]: "not supported" })) {
    results.push(result)
    // The table of each case is dropped before the next case.
    expect(await emulator.query("SHOW TABLES")).toEqual([])
  }
  expect(results.map(({ name }) => name)).toEqual(cases.map(({ name }) => name))
  expect(results[0]).toEqual({ name: first })
  expect(results[1]).toEqual({ name: second, skipped: "not supported" })
  expect(results.filter(({ failed }) => failed !== undefined)).toEqual([])
})

test("A failed case has an error and no table, and the next case runs", async () => {
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

test("A skip that names no case is refused", async () => {
  const suite = runSuite({ url: "http://localhost", ...credentials }, startPlainHost, { nope: "" })
  await expect(suite.next()).rejects.toThrow("Unknown case: nope")
})
