import { loadInBareContext } from "@singlesink/conformance/bare-context"
import type { Probe } from "../bench.ts"
import { median } from "../measure.ts"
import { readBundle } from "./bundle.ts"

const maxMs = 10

/** Measures how long a new context takes to create, compile and evaluate the function. */
export const start: Probe = {
  name: "start",
  async run({ rounds }, { wall, clear }) {
    const bundle = readBundle()

    /** Milliseconds until the default export exists. */
    async function measureStart(code: string): Promise<number> {
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
      // V8 caches the compilation of a source, so each round has a different one.
      withBundle.push(await measureStart(`${bundle}\n// ${round}`))
      empty.push(await measureStart(`export default 0 // ${round}`))
    }
    const took = median(withBundle)
    return [
      {
        name: "start: from the code of the bundle to its default export, in a new bare context",
        value: `${toText(took)}, and ${toText(median(empty))} for an empty module`,
        target: { text: `under ${maxMs} ms`, met: took < maxMs },
      },
    ]
  },
}

function toText(milliseconds: number): string {
  return `${milliseconds.toFixed(2)} ms`
}
