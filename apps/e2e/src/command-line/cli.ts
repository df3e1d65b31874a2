import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { killLoads } from "./kills.ts"
import { killMigrations } from "./migrations.ts"
import { checkTerminal } from "./terminal.ts"

const { values } = parseArgs({ options: { short: { type: "boolean", default: false } } })
const load = values.short ? { events: 20_000, kills: 5 } : { events: 200_000, kills: 50 }

const migration = values.short ? { ids: 2_000, kills: 3 } : { ids: 40_000, kills: 10 }

const steps: [string, (folder: string) => Promise<string>][] = [
  [
    "a terminal shows the bar and colours, and Ctrl+C ends with a checkpoint",
    folder => checkTerminal(folder).then(() => ""),
  ],
  [
    "a load that is killed again and again",
    async folder => {
      const { kills, rows, letters } = await killLoads(folder, load)
      return `: ${kills} kills, ${rows.toLocaleString("en")} rows once, ${letters} dead letters once`
    },
  ],
  [
    "a migration with 30 % duplicates that is killed again and again",
    async folder => {
      const { kills, rows } = await killMigrations(folder, migration)
      return `: ${kills} kills, ${rows.toLocaleString("en")} messageIds once`
    },
  ],
]

for (const [name, work] of steps) {
  const folder = await mkdtemp(join(tmpdir(), "singlesink-"))
  const start = performance.now()
  try {
    const result = await work(folder)
    console.log(`ok ${((performance.now() - start) / 1_000).toFixed(1).padStart(5)} s  ${name}${result}`)
  } catch (error) {
    console.error(`FAILED  ${name}: ${(error as Error).message}`)
    process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
