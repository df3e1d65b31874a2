import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, expect, test } from "vitest"
import { cases } from "./cases.ts"
import { mutants } from "./mutants.ts"
import { startPlainHost } from "./plain-host.ts"
import { credentials, withTestBed } from "./test-bed.ts"

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ ...credentials, databases: [credentials.database] })
})
afterAll(() => emulator.close())

test.each(mutants)('A host that $name fails the case "$caughtBy"', async ({ caughtBy, mutate }) => {
  const found = cases.find(({ name }) => name === caughtBy)
  if (found === undefined) throw new Error(`Unknown case: ${caughtBy}`)
  const server = { url: emulator.url, ...credentials }
  const run = withTestBed(server, async target => mutate(await startPlainHost(target)), found.run)
  // An assertion must fail: a mutant that fails with any other error proves nothing.
  await expect(run).rejects.toMatchObject({ name: "AssertionError" })
})
