import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, expect, test } from "vitest"
import { cases } from "./cases.ts"
import { startPlainHost } from "./plain-host.ts"
import { saboteurs } from "./saboteurs.ts"
import { credentials, withStage } from "./stage.ts"

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ ...credentials, databases: [credentials.database] })
})
afterAll(() => emulator.close())

test.each(saboteurs)('a host that $name fails "$caughtBy"', async ({ caughtBy, sabotage }) => {
  const found = cases.find(({ name }) => name === caughtBy)
  if (found === undefined) throw new Error(`there is no case named ${caughtBy}`)
  const server = { url: emulator.url, ...credentials }
  const sabotaged = withStage(server, async target => sabotage(await startPlainHost(target)), found.run)
  // An assertion must fail: a saboteur that merely breaks something proves nothing.
  await expect(sabotaged).rejects.toMatchObject({ name: "AssertionError" })
})
