import { join } from "node:path"
import { createTableSql } from "@singlesink/core"
import { startEmulator } from "@singlesink/emulator"
import { runInTerminal } from "./binary.ts"
import { writeEvents } from "./events.ts"
import { toEnv } from "./kills.ts"

const csi = "\u001b["

/** Checks what a person sees in a terminal: the bar, colours, and what Ctrl+C does. @throws Error if it is not as expected */
export async function checkTerminal(folder: string): Promise<void> {
  const file = join(folder, "events.ndjson")
  await writeEvents(file, 200_000)
  await using emulator = await startEmulator()
  await emulator.exec(createTableSql())
  const env = toEnv(emulator.url)
  const args = ["load", file, "--checkpoint", join(folder, "load.checkpoint")]

  // Ctrl+C as soon as the bar shows progress.
  let isPressed = false
  const stopped = await runInTerminal(args, folder, {
    env,
    respond(printed) {
      if (isPressed || !/[1-9][\d,]* rows ·/.test(printed)) return undefined
      isPressed = true
      return "\u0003"
    },
  })
  expect(stopped, 130, [
    /█.* % · [\d,]+ rows · [\d.]+ MB\/s · \d+ rejected/,
    /Stopping when what is in flight is stored/,
    /--resume/,
  ])

  const resumed = await runInTerminal([...args, "--resume"], folder, { env })
  expect(resumed, 1, [/200,000 read = 199,800 stored \+ 200 rejected \+ 0 failed \+ 0 broken/])
  if (!resumed.printed.includes(`${csi}33m`)) throw new Error("The problems have no colour.")

  // The database does not answer, so the load cannot finish what is in flight.
  emulator.injectFault({ kind: "hang", on: "exec", times: "always", milliseconds: 60_000 })
  let presses = 0
  const ended = await runInTerminal(
    ["load", file, "--checkpoint", join(folder, "ended.checkpoint")],
    folder,
    {
      env,
      respond(printed) {
        const expected = [/ rows ·/, /Press Ctrl\+C again to stop at once/][presses]
        if (expected === undefined || !expected.test(printed)) return undefined
        presses++
        return "\u0003"
      },
    },
  )
  emulator.clearFaults()
  expect(ended, 130, [/Press Ctrl\+C again to stop at once/])

  const query = ["query", "SELECT COUNT(*) AS n FROM segment_data"]
  expect(await runInTerminal(query, folder, { env }), 0, [/│ 199800 │/])
  const plain = await runInTerminal(["query", "SELECT * FROM nowhere"], folder, {
    env: { ...env, NO_COLOR: "1" },
  })
  expect(plain, 2, [/error: .*\[unknown_table\]/])
  if (plain.printed.includes(csi)) throw new Error("NO_COLOR has no effect.")
}

function expect(
  { exitCode, printed }: { exitCode: number; printed: string },
  code: number,
  texts: readonly RegExp[],
): void {
  const missing = texts.filter(text => !text.test(printed))
  if (exitCode === code && missing.length === 0) return
  throw new Error(
    `The exit code is ${exitCode} instead of ${code}, and these are missing: ${missing.join(" ")}\n${printed}`,
  )
}
