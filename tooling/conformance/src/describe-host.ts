import { type Emulator, type EmulatorOptions, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, test } from "vitest"
import { cases, checkSkips, type Skips } from "./cases.ts"
import type { StartHost } from "./host.ts"
import { credentials, withTestBed } from "./test-bed.ts"

/** Server behaviour that is not documented: a host must pass with either kind. */
const servers: readonly [name: string, options: EmulatorOptions][] = [
  ["", {}],
  [", with a server whose INSERT IGNORE fits values to their column", { insertIgnoreCoerces: true }],
]

/** Defines the tests that every host must pass. */
export function describeHost(host: string, start: StartHost, skips: Skips = {}): void {
  checkSkips(skips)
  // Each run prints the reasons, so that no skipped case is forgotten.
  for (const [name, reason] of Object.entries(skips)) console.info(`Skipped for ${host}: ${name} (${reason})`)

  describe.each(servers)(`the host ${host}%s`, (_, options) => {
    let emulator: Emulator
    beforeAll(async () => {
      emulator = await startEmulator({ ...credentials, databases: [credentials.database], ...options })
    })
    afterAll(() => emulator.close())

    for (const { name, run } of cases) {
      const reason = skips[name]
      if (reason === undefined)
        test(name, () => withTestBed({ url: emulator.url, ...credentials }, start, run))
      else test.skip(`${name} (reason: ${reason})`)
    }
  })
}
