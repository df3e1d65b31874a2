import { once } from "node:events"
import { createWriteStream } from "node:fs"

/** Writes a file of `count` events with the ids `m0`, `m1` and so on. One in a thousand has an invalid timestamp. */
export async function writeEvents(path: string, count: number): Promise<{ invalid: number }> {
  const file = createWriteStream(path)
  let invalid = 0
  for (let start = 0; start < count; start += 1_000) {
    const lines: string[] = []
    for (let id = start; id < Math.min(count, start + 1_000); id++) {
      const isInvalid = id % 1_000 === 500
      if (isInvalid) invalid++
      const timestamp = isInvalid ? "yesterday" : "2026-11-26T10:00:00.123Z"
      lines.push(
        JSON.stringify({
          messageId: `m${id}`,
          type: "track",
          event: "Signed Up",
          timestamp,
          properties: { plan: "pro", id },
        }),
      )
    }
    if (!file.write(`${lines.join("\n")}\n`)) await once(file, "drain")
  }
  file.end()
  await once(file, "close")
  return { invalid }
}
