import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { createTableSql } from "@singlesink/core"
import { startEmulator } from "@singlesink/emulator"
import { runCommand, startCommand } from "./binary.ts"
import { writeEvents } from "./events.ts"

export interface KillResult {
  readonly kills: number
  readonly rows: number
  readonly letters: number
}

/**
 * Kills a load again and again, each time continuing it with --resume, and compares the table with the file.
 *
 * @throws Error if an event is lost, stored twice, or accounted for wrongly
 */
export async function killLoads(
  folder: string,
  { events, kills }: { events: number; kills: number },
): Promise<KillResult> {
  const file = join(folder, "events.ndjson")
  const letters = join(folder, "letters.ndjson")
  const { invalid } = await writeEvents(file, events)
  await using emulator = await startEmulator()
  await emulator.exec(createTableSql())
  const env = toEnv(emulator.url)
  const args = [
    "load",
    file,
    "--dead-letters",
    letters,
    "--checkpoint",
    join(folder, "load.checkpoint"),
    "--resume",
    "--json",
  ]

  let killed = 0
  for (let attempt = 0; killed < kills && attempt < kills * 3; attempt++) {
    const child = startCommand(args, folder, env)
    child.stdout?.resume()
    child.stderr?.resume()
    const closed = once(child, "close")
    // From before its first request to some seconds later.
    const ended = await Promise.race([closed, setTimeout(300 + (attempt % 10) * 60, undefined)])
    if (ended !== undefined) break
    child.kill("SIGKILL")
    await closed
    killed++
  }
  const last = await runCommand(args, folder, { env })
  const result = last.exitCode === 0 || last.exitCode === 1 ? JSON.parse(last.stdout) : undefined
  const [table] = await emulator.query<{ n: number; ids: number }>(
    "SELECT COUNT(*) AS n, COUNT(DISTINCT messageId) AS ids FROM segment_data",
  )
  const found = (await readFile(letters, "utf8")).trim().split("\n")
  const problems = [
    check(result !== undefined, `the last load failed: ${last.stderr}`),
    check(
      table?.n === events - invalid && table?.ids === table?.n,
      `the table has ${table?.n} rows, ${table?.ids} of them different`,
    ),
    check(found.length === invalid, `there are ${found.length} dead letters instead of ${invalid}`),
    check(
      result?.read === events && result?.stored === events - invalid,
      `the result accounts for ${last.stdout}`,
    ),
  ].flat()
  if (problems.length > 0) throw new Error(problems.join("; "))
  return { kills: killed, rows: events - invalid, letters: found.length }
}

const check = (holds: boolean, problem: string): string[] => (holds ? [] : [problem])

export const toEnv = (url: string): Record<string, string> => ({
  SINGLESTORE_URL: url,
  SINGLESTORE_USERNAME: "root",
  SINGLESTORE_PASSWORD: "",
  SINGLESTORE_DATABASE: "events",
})
