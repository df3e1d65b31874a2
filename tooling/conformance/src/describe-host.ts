import { type Emulator, type EmulatorOptions, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, test } from "vitest"
import { cases, checkSkips, type Skips } from "./cases.ts"
import type { StartHost } from "./host.ts"
import { credentials, withStage } from "./stage.ts"

/** What no document says of the server, so a host must pass either way. */
const servers: readonly [name: string, options: EmulatorOptions][] = [
  ["", {}],
  [", where INSERT IGNORE makes values fit", { insertIgnoreCoerces: true }],
]

/** The suite that every host must pass. */
export function describeHost(host: string, start: StartHost, skips: Skips = {}): void {
  checkSkips(skips)
  // A case that silently is not run would be forgotten, so the reason is printed at every run.
  for (const [name, reason] of Object.entries(skips))
    console.info(`${host} is not asked whether it ${name}: ${reason}`)

  describe.each(servers)(`host ${host}%s`, (_, options) => {
    let emulator: Emulator
    beforeAll(async () => {
      emulator = await startEmulator({ ...credentials, databases: [credentials.database], ...options })
    })
    afterAll(() => emulator.close())

    for (const { name, run } of cases) {
      const reason = skips[name]
      if (reason === undefined) test(name, () => withStage({ url: emulator.url, ...credentials }, start, run))
      else test.skip(`${name} (reason: ${reason})`)
    }
  })
}
