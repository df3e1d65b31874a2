import { type Emulator, startEmulator } from "@singlesink/emulator"
import { afterAll, beforeAll, describe, test } from "vitest"
import { cases } from "./cases.ts"
import type { StartHost } from "./host.ts"
import { credentials, withStage } from "./stage.ts"

/** Cases that a host cannot do, each with the reason, which is printed. */
export type Skips = Readonly<Record<string, string>>

/** The suite that every host must pass. */
export function describeHost(host: string, start: StartHost, skips: Skips = {}): void {
  const unknown = Object.keys(skips).filter(skip => !cases.some(({ name }) => name === skip))
  if (unknown.length > 0) throw new Error(`describeHost: there is no case named ${unknown.join(", ")}`)

  describe(`host ${host}`, () => {
    let emulator: Emulator
    beforeAll(async () => {
      emulator = await startEmulator({ ...credentials, databases: [credentials.database] })
    })
    afterAll(() => emulator.close())

    for (const { name, run } of cases) {
      const reason = skips[name]
      if (reason === undefined) test(name, () => withStage(emulator, start, run))
      else skip(host, name, reason)
    }
  })
}

/** A case that silently is not run would be forgotten, so the reason is printed at every run. */
function skip(host: string, name: string, reason: string): void {
  console.info(`${host} is not asked whether it ${name}: ${reason}`)
  test.skip(`${name} (reason: ${reason})`)
}
