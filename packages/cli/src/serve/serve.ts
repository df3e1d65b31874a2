import { createTableSql, isSinkError } from "@singlesink/core"
import { createReceiver } from "@singlesink/receiver"
import { DeadLetterFileError } from "@singlesink/receiver/dead-letters"
import { requireFit } from "../check/fit.ts"
import type { Context } from "../context.ts"
import { type Database, withDatabase } from "../database.ts"
import { CommandError, type ExitCode, exitCodes } from "../exit.ts"
import type { ServeFlags } from "./flags.ts"
import { createLogStream } from "./log-stream.ts"
import { readServeOptions, type ServeOptions } from "./receiver-options.ts"

/** Receives events over HTTP until Ctrl+C or SIGTERM. */
export async function serve(context: Context, flags: ServeFlags & { envFile?: string }): Promise<ExitCode> {
  const { settings, terminal, output } = context
  const options = await readServeOptions(flags, terminal.env, settings)
  const { receiver } = options
  return withDatabase(settings, async database => {
    await prepareTables(database, context, options)
    const stream = createLogStream(terminal.stderr, output.errorColors)
    const app = createReceiver({ ...receiver, database: database.api, logger: { stream } })
    // Before the start, so that a signal during it is not lost.
    const stopped = new Promise<void>(resolve => terminal.onInterrupt(resolve))
    const url = await app.listen(options.listen).catch(error => {
      throw toStartError(error, flags.listen)
    })
    describe(context, database, options, url)
    await stopped
    output.note("Stopping: no further calls are accepted, and what has arrived is stored.")
    await app.close()
    return exitCodes.ok
  })
}

/** Checks the tables of all keys. A database that is away is only a warning: events are answered 503 until it is back. */
async function prepareTables(
  database: Database,
  context: Context,
  { receiver }: ServeOptions,
): Promise<void> {
  const { settings, output } = context
  const { writeKeys } = receiver
  const tables = typeof writeKeys === "object" ? new Set(Object.values(writeKeys)) : [settings.table]
  try {
    await database.api.query("SELECT 1")
    for (const table of tables) {
      const { columns, deduplicate } = settings
      if (settings.emulator !== undefined) {
        await database.api.exec(createTableSql({ table, columns, deduplicate }))
      }
      await requireFit(database, { ...context, settings: { ...settings, table } })
    }
  } catch (error) {
    if (!isSinkError(error) || error.name !== "DeliveryError") throw error
    const message = `${error.message} Until the database answers, calls are answered 503.`
    output.note(`${output.errorColors.yellow("warning:")} ${message}`)
  }
}

function toStartError(error: NodeJS.ErrnoException, listen: string): Error {
  if (error instanceof DeadLetterFileError) {
    return new CommandError(
      `${error.message} Set --dead-letters to a file that can be written, or --no-dead-letters.`,
    )
  }
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: "the port is taken",
    EACCES: "the port needs more rights",
    EADDRNOTAVAIL: "this machine does not have the address",
    ENOTFOUND: "the name is unknown",
  }
  const reason = reasons[error.code ?? ""]
  if (reason === undefined) return error
  return new CommandError(
    `The receiver cannot listen on ${listen}: ${reason}. Set another address with --listen.`,
  )
}

function describe(
  { output, settings }: Context,
  database: Database,
  { receiver }: ServeOptions,
  url: string,
): void {
  const { live, writeKeys, deadLetters } = receiver
  const isAnonymous = writeKeys === "anonymous"
  // The fragment is not sent to the server, so no log contains the key.
  const liveUrl = live === undefined ? undefined : `${url}/live#${live.key}`
  output.printJson({ url, database: settings.database, table: settings.table, live: liveUrl, deadLetters })
  output.print(
    `Receiving on ${output.colors.bold(url)} into ${settings.database}.${settings.table} (${database.name}).`,
  )
  if (liveUrl !== undefined) output.print(`Live page: ${liveUrl}`)
  if (deadLetters !== undefined) output.print(`Rejected events are appended to ${deadLetters}.`)
  if (isAnonymous) output.print("Calls need no write key.")
  const user = isAnonymous ? "" : " -u YOUR_WRITE_KEY:"
  output.print(
    `Try it:\n  curl ${url}/v1/track${user} --json '{"event":"Signed Up","userId":"u1","properties":{"plan":"pro"}}'`,
  )
}
