import { once } from "node:events"
import { setTimeout } from "node:timers/promises"
import { startEmulator } from "@singlesink/emulator"
import { runCommand, startCommand } from "./binary.ts"
import { toEnv } from "./kills.ts"

const rowsPerInsert = 500

/**
 * Kills a migration of a table without a key, in which 30 % of the rows are duplicates, and compares both tables.
 *
 * @throws Error if a messageId is lost, or in the new table twice
 */
export async function killMigrations(
  folder: string,
  { ids, kills }: { ids: number; kills: number },
): Promise<{ kills: number; rows: number }> {
  await using emulator = await startEmulator()
  // As Segment's own destination creates it.
  await emulator.exec(
    "CREATE TABLE segment_data (messageId TEXT, timestamp DATETIME(6), type TEXT, event TEXT, name TEXT, properties JSON, userId TEXT, anonymousId TEXT, groupId TEXT, traits JSON, context JSON, SHARD KEY ())",
  )
  const rows = Array.from({ length: Math.round(ids / 0.7) }, (_, row) => {
    const id = row % ids
    return [
      `m${id}`,
      new Date(Date.UTC(2026, 0, 1) + id * 60_000).toISOString().slice(0, -1).replace("T", " "),
      "track",
    ]
  })
  for (let start = 0; start < rows.length; start += rowsPerInsert) {
    const part = rows.slice(start, start + rowsPerInsert)
    const tuples = part.map(() => "(?, ?, ?)").join(", ")
    await emulator.exec(`INSERT INTO segment_data (messageId, timestamp, type) VALUES ${tuples}`, part.flat())
  }

  const args = ["migrate", "--yes", "--step-rows", String(Math.ceil(ids / 40)), "--json"]
  const env = toEnv(emulator.url)
  let killed = 0
  for (let attempt = 0; killed < kills && attempt < kills * 3; attempt++) {
    const child = startCommand(args, folder, env)
    child.stdout?.resume()
    child.stderr?.resume()
    const closed = once(child, "close")
    const ended = await Promise.race([closed, setTimeout(350 + (attempt % 5) * 40, undefined)])
    if (ended !== undefined) break
    child.kill("SIGKILL")
    await closed
    killed++
  }
  const last = await runCommand(args, folder, { env })
  const [table] = await emulator.query<{ n: number; ids: number }>(
    "SELECT COUNT(*) AS n, COUNT(DISTINCT messageId) AS ids FROM segment_data",
  )
  const [old] = await emulator.query<{ n: number }>("SELECT COUNT(*) AS n FROM segment_data__old")
  if (last.exitCode !== 0) throw new Error(`the last run failed: ${last.stdout}${last.stderr}`)
  if (table?.n !== ids || table.ids !== ids)
    throw new Error(`the new table has ${table?.n} rows of ${table?.ids} ids`)
  if (old?.n !== rows.length) throw new Error(`the old table has ${old?.n} rows instead of ${rows.length}`)
  return { kills: killed, rows: ids }
}
