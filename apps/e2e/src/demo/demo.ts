import { readFixtures } from "@singlesink/fixtures"
import { toClaims } from "./claims.ts"
import { runHost } from "./hosts.ts"
import { createJitsuHost } from "./jitsu.ts"
import { toDemoOptions, usage } from "./options.ts"
import { readTable, toHostLines, toInvitation, toTableLines } from "./report.ts"
import { startSegmentHost } from "./segment.ts"
import { openTarget } from "./target.ts"

/** The parts of a process that the demo needs. */
export interface DemoProcess {
  args: string[]
  env: Readonly<Record<string, string | undefined>>
  print(line: string): void
  printError(line: string): void
  readJitsuBundle(): Promise<string>
  /** Resolves when the user stops the demo. */
  untilStopped(): Promise<unknown>
}

/** Runs the main job on real input. Returns the exit code: 0 if every number adds up. */
export async function runDemo(process: DemoProcess): Promise<number> {
  try {
    return await run(process)
  } catch (error) {
    // Every error here reads as one sentence; a stack would only hide it.
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
  // Problems on this side show before anything is written to the server.
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
