import { readFixtures } from "@singlesink/fixtures"
import { toClaims } from "./claims.ts"
import { runHost } from "./hosts.ts"
import { createJitsuHost } from "./jitsu.ts"
import { toDemoOptions, usage } from "./options.ts"
import { readTable, toHostLines, toInvitation, toTableLines } from "./report.ts"
import { startSegmentHost } from "./segment.ts"
import { openTarget } from "./target.ts"

/** What the demo needs of the process that runs it. */
export interface DemoProcess {
  args: string[]
  env: Readonly<Record<string, string | undefined>>
  print(line: string): void
  printError(line: string): void
  readJitsuBundle(): Promise<string>
  /** Resolves when the user wants to end it. */
  untilStopped(): Promise<unknown>
}

/** The main job on real input. Gives the exit code: 0 where every number adds up. */
export async function runDemo(process: DemoProcess): Promise<number> {
  try {
    return await run(process)
  } catch (error) {
    // Every error here is made to be read as one sentence; a stack would only hide it.
    process.printError(`demo: ${(error as Error).message}`)
    return 1
  }
}

async function run({
  args,
  env,
  print,
  printError,
  readJitsuBundle,
  untilStopped,
}: DemoProcess): Promise<number> {
  const options = toDemoOptions(args, env)
  if (options.help) {
    print(usage)
    return 0
  }
  // All that can be wrong on this side is read before anything is written on the other.
  const events = readFixtures()
  const bundle = await readJitsuBundle()
  const target = await openTarget(options)
  try {
    print(`\n${events.length} events of three real clients go to table ${target.table} of ${target.name}.\n`)
    const jitsu = await runHost("Jitsu function", createJitsuHost(bundle), events, target)
    const segment = await runHost("Segment action", startSegmentHost, events, target)
    const found = await readTable(target)
    for (const line of [...toHostLines([jitsu, segment]), "", ...toTableLines(found), ""]) print(line)

    const claims = toClaims(events, [jitsu, segment], found)
    for (const { says, holds } of claims) holds ? print(`ok      ${says}`) : printError(`WRONG   ${says}`)
    if (options.keep) {
      for (const line of toInvitation(target)) print(line)
      await untilStopped()
    }
    return claims.every(({ holds }) => holds) ? 0 : 1
  } finally {
    await target.close()
  }
}
