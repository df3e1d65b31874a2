import type { Server } from "@singlesink/conformance"
import { runSuite } from "@singlesink/conformance/suite"
import { startEmulator } from "@singlesink/emulator"
import { type DemoProcess, runDemo } from "../demo/demo.ts"
import { answer, compare, toAnswerLines } from "./answers.ts"
import { type SuiteHost, toSuiteHosts } from "./hosts.ts"
import { toEnv, toSinglestoreOptions, usage } from "./options.ts"
import { questions } from "./questions/questions.ts"
import { lookAt, type ServerKind } from "./server-kind.ts"

/** What the command needs of the process that runs it. */
export interface SinglestoreProcess
  extends Pick<DemoProcess, "args" | "env" | "print" | "printError" | "readJitsuBundle"> {
  /** Aborted when the user wants to end it: what is under way is finished, and its tables are dropped. */
  stop: AbortSignal
}

/** Everything that is to be tried against a real server. Gives the exit code: 0 where all is as it is assumed. */
export async function runSinglestore(process: SinglestoreProcess): Promise<number> {
  try {
    return await run(process)
  } catch (error) {
    // Every error here is made to be read as one sentence; a stack would only hide it.
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
  // All that can be wrong with either side shows before anything is written.
  const bundle = await readJitsuBundle()
  const kind = await lookAt(server)
  print(
    `${kind.isEmulator ? "The emulator, in place of" : "The server says it is"} SingleStore ${kind.version}.`,
  )

  const failures = await tryHosts(toSuiteHosts(bundle), server, process)
  stop.throwIfAborted()
  const demo = await runDemo({ ...process, args: [], env: toEnv(server), untilStopped: async () => {} })
  const differences = await askQuestions(server, kind, process)

  const sum = [
    `cases of the suite that failed: ${failures}`,
    demo === 0 ? "the demo adds up" : "the demo does not add up",
    `answers that differ from what is assumed: ${differences}`,
  ].join("; ")
  const isFine = failures + demo + differences === 0
  ;(isFine ? print : printError)(`\n${isFine ? "ok     " : "WRONG  "} ${sum}`)
  return isFine ? 0 : 1
}

/** The conformance suite for each host. Gives the number of cases that failed. */
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
        printError(`WRONG   it ${name}: ${failed.message.split("\n").slice(0, maxLines).join("\n        ")}`)
      if (left !== undefined) printError(`WRONG   left behind: ${left}`)
      if (failed !== undefined || left !== undefined) failures++
      else if (skipped !== undefined) print(`skipped it ${name}: ${skipped}`)
      else passed++
      stop.throwIfAborted()
    }
    print(`ok      ${passed} cases passed`)
  }
  return failures
}

/** Of the message of an assertion, which shows all that differs. */
const maxLines = 20

/** Prints every answer, and then what it means. Gives the number of those that differ. */
async function askQuestions(
  server: Server,
  kind: ServerKind,
  { print, printError, stop }: SinglestoreProcess,
): Promise<number> {
  print("\nWhat no document says, and what this server answers:")
  const comparisons = []
  for (const [index, question] of questions.entries()) {
    stop.throwIfAborted()
    const given = await answer(question, server, kind)
    for (const line of ["", ...toAnswerLines(given, index + 1)]) print(line)
    comparisons.push(compare(given, index + 1, kind))
  }
  print("\nWhat singlesink takes for granted:\n")
  for (const line of comparisons.flatMap(({ lines }) => lines))
    (line.includes("DIFFERENT") ? printError : print)(line)
  return comparisons.reduce((sum, { differences }) => sum + differences, 0)
}
