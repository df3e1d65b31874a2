import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, test } from "vitest"
import { cases } from "./cases.ts"
import type { StartHost } from "./host.ts"
import { credentials, withStage } from "./stage.ts"

/** Cases that a host cannot do, each with the reason, which is printed. */
export type Skips = Readonly<Record<string, string>>

/** The suite that every host must pass. */
export function describeHost(name: string, start: StartHost, skips: Skips = {}): void {
  const unknown = Object.keys(skips).filter(skip => !cases.some(({ name }) => name === skip))
  if (unknown.length > 0) throw new Error(`describeHost: there is no case named ${unknown.join(", ")}`)

  describe(`host ${name}`, () => {
    let emulator: Emulator
    beforeAll(async () => {
      emulator = await startEmulator({ ...credentials, databases: [credentials.database] })
    })
    afterAll(() => emulator.close())

    for (const { name, run } of cases) {
      const reason = skips[name]
      if (reason === undefined) test(name, () => withStage(emulator, start, run))
      else test.skip(`${name} (reason: ${reason})`)
    }
  })
}
