import { once } from "node:events"
import type { Writable } from "node:stream"
import { createEvents } from "../events.ts"

const linesPerWrite = 500

/** Events of about 1.2 KB, cut at their messageId, so that each line gets an id of its own. */
function createHalves(): [string, string][] {
  const [small, large] = [createEvents("0.8 KB", 2_000), createEvents("2 KB", 1_000)]
  return [...small, ...large].map(event => {
    const [start = "", end = ""] = JSON.stringify({ ...event, messageId: "@id" }).split("@id")
    return [start, end]
  })
}

/** Writes `count` events as NDJSON to a stream and ends it. They are generated as they are read. Returns the bytes. */
export async function writeLines(output: Writable, count: number): Promise<number> {
  const halves = createHalves()
  let bytes = 0
  for (let id = 0; id < count; ) {
    let text = ""
    for (const end = Math.min(count, id + linesPerWrite); id < end; id++) {
      const [before, after] = halves[id % halves.length] ?? ["", ""]
      text += `${before}m-${id}${after}\n`
    }
    const part = Buffer.from(text)
    bytes += part.length
    if (!output.write(part)) await once(output, "drain")
  }
  output.end()
  return bytes
}
