import { loadInBareContext } from "@singlesink/conformance/bare-context"
import type { Probe } from "../bench.ts"
import { median } from "../measure.ts"
import { readBundle } from "./bundle.ts"

const mostMs = 10

/** How long an isolate takes from the function's text to the function. */
export const start: Probe = {
  name: "start",
  async run({ rounds }, { wall, clear }) {
    const bundle = readBundle()

    /** Milliseconds until the module's `default` is there. */
    async function takeStart(code: string): Promise<number> {
      clear()
      const start = wall()
      const { default: exported } = await loadInBareContext<{ default: unknown }>(code)
      const took = (wall() - start) / 1_000
      if (exported === undefined) throw new Error("The module exports nothing.")
      return took
    }

    const withBundle: number[] = []
    const empty: number[] = []
    for (let round = 0; round < 3 * rounds; round++) {
      // V8 keeps what it has compiled of a text that it knows, so each is another.
      withBundle.push(await takeStart(`${bundle}\n// ${round}`))
      empty.push(await takeStart(`export default 0 // ${round}`))
    }
    const took = median(withBundle)
    return [
      {
        name: "start: from the bundle's text to its default, in a fresh bare context",
        value: `${inWords(took)}, and ${inWords(median(empty))} for an empty module`,
        target: { text: `under ${mostMs} ms`, met: took < mostMs },
      },
    ]
  },
}

function inWords(milliseconds: number): string {
  return `${milliseconds.toFixed(2)} ms`
}
