import type { Server } from "@singlesink/conformance"
import { runSuite } from "@singlesink/conformance/suite"
import { startEmulator } from "@singlesink/emulator"
import { type DemoProcess, runDemo } from "../demo/demo.ts"
import { answer, compare, toAnswerLines } from "./answers.ts"
import { type SuiteHost, toSuiteHosts } from "./hosts.ts"
import { toEnv, toSinglestoreOptions, usage } from "./options.ts"
import { questions } from "./questions/questions.ts"
import { lookAt, type ServerKind } from "./server-kind.ts"

/** The parts of a process that the command needs. */
export interface SinglestoreProcess
  extends Pick<DemoProcess, "args" | "env" | "print" | "printError" | "readJitsuBundle"> {
  /** Aborted when the user stops the command. The current step is finished, and its tables are dropped. */
  stop: AbortSignal
}

/** Runs every check against a real server. Returns the exit code: 0 if all assumptions hold. */
export async function runSinglestore(process: SinglestoreProcess): Promise<number> {
  try {
    return await run(process)
  } catch (error) {
    // Every error here reads as one sentence; a stack would only hide it.
    process.printError(`e2e:singlestore: ${(error as Error).message}`)
    return 1
  }
}

async function run(process: SinglestoreProcess): Promise<number> {
  const { help, server } = toSinglestoreOptions(process.args, process.env)
  if (help) {
    process.print(usage)
    return 0
  }
  if (server !== "emulator") return tryServer(server, process)
  await using emulator = await startEmulator({ ...ours, databases: [ours.database] })
  return await tryServer({ ...ours, url: emulator.url }, process)
}

const ours = { username: "e2e", password: "pässword of the e2e", database: "events" }

async function tryServer(server: Server, process: SinglestoreProcess): Promise<number> {
  const { print, printError, readJitsuBundle, stop } = process
  // Problems of either side show before anything is written.
  const bundle = await readJitsuBundle()
  const kind = await lookAt(server)
  print(
    `${kind.isEmulator ? "The emulator, in place of" : "The server reports"} SingleStore ${kind.version}.`,
  )

  const failures = await tryHosts(toSuiteHosts(bundle), server, process)
  stop.throwIfAborted()
  const demo = await runDemo({ ...process, args: [], env: toEnv(server), untilStopped: async () => {} })
  const differences = await askQuestions(server, kind, process)

  const sum = [
    `failed cases of the suite: ${failures}`,
    demo === 0 ? "the demo adds up" : "the demo does not add up",
    `answers that differ from the assumptions: ${differences}`,
  ].join("; ")
  const isFine = failures + demo + differences === 0
  ;(isFine ? print : printError)(`\n${isFine ? "ok     " : "WRONG  "} ${sum}`)
  return isFine ? 0 : 1
}

/** Runs the conformance suite for each host. Returns the number of failed cases. */
async function tryHosts(
  hosts: readonly SuiteHost[],
  server: Server,
  { print, printError, stop }: SinglestoreProcess,
): Promise<number> {
  let failures = 0
  for (const { name: host, start, skips } of hosts) {
    let passed = 0
    print(`\nHost ${host}:`)
    for await (const { name, failed, left, skipped } of runSuite(server, start, skips)) {
      if (failed !== undefined)
        printError(`WRONG   ${name}: ${failed.message.split("\n").slice(0, maxLines).join("\n        ")}`)
      if (left !== undefined) printError(`WRONG   left behind: ${left}`)
      if (failed !== undefined || left !== undefined) failures++
      else if (skipped !== undefined) print(`skipped ${name}: ${skipped}`)
      else passed++
      stop.throwIfAborted()
    }
    print(`ok      ${passed} cases passed`)
  }
  return failures
}

/** The limit for the message of an assertion, which shows every difference. */
const maxLines = 20

/** Prints every answer, and then each assumption. Returns the number of differences. */
async function askQuestions(
  server: Server,
  kind: ServerKind,
  { print, printError, stop }: SinglestoreProcess,
): Promise<number> {
  print("\nUndocumented behaviour of this server:")
  const comparisons = []
  for (const [index, question] of questions.entries()) {
    stop.throwIfAborted()
    const given = await answer(question, server, kind)
    for (const line of ["", ...toAnswerLines(given, index + 1)]) print(line)
    comparisons.push(compare(given, index + 1, kind))
  }
  print("\nAssumptions of singlesink:\n")
  for (const line of comparisons.flatMap(({ lines }) => lines))
    (line.includes("DIFFERENT") ? printError : print)(line)
  return comparisons.reduce((sum, { differences }) => sum + differences, 0)
}
