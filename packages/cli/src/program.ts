import tab from "@bomb.sh/tab/commander"
import { Command, Option } from "commander"
import type { CheckFlags } from "./check/check.ts"
import type { Context } from "./context.ts"
import type { ExitCode } from "./exit.ts"
import { inputFormats } from "./input/records.ts"
import type { LoadFlags } from "./load/load.ts"
import type { MigrateFlags } from "./migrate/migrate.ts"
import type { Output } from "./output/output.ts"
import type { ReplayFlags } from "./replay/replay.ts"
import { addServeOptions, type ServeFlags } from "./serve/flags.ts"
import { addConnectionOptions } from "./settings/flags.ts"
import { type Flags, readSettings } from "./settings/settings.ts"
import { addSqlCommands } from "./sql/commands.ts"
import type { Terminal } from "./terminal.ts"
import { version } from "./version.ts"

/**
 * Creates the commands. Each one loads its code when it runs, so `--help` and completion are fast.
 *
 * @param exit receives the exit code of the command
 */
export function createProgram(terminal: Terminal, output: Output, exit: (code: ExitCode) => void): Command {
  const program = new Command("singlesink")
    .description(
      "Segment-style events in SingleStore: receive, load files, check a connection, query, replay, migrate.",
    )
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError("Run `singlesink --help` for the commands.")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: text => void terminal.stdout.write(text),
      writeErr: text => void terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns ?? 100,
      getErrHelpWidth: () => terminal.stderr.columns ?? 100,
    })

  /** A command that uses the database. */
  const add = (nameAndArguments: string, description: string) =>
    addConnectionOptions(program.command(nameAndArguments).description(description))

  const context = async (flags: Flags, options: { isOffline?: boolean } = {}): Promise<Context> => ({
    terminal,
    output,
    settings: await readSettings(flags, terminal, options),
  })

  add("check", "check the connection, the rights and the table, and print what is missing; changes nothing")
    .option("--probe-limit", "also find the largest request body that passes, with up to 64 MB")
    .action(async (flags: Flags & CheckFlags) => {
      const { check } = await import("./check/check.ts")
      exit(await check(await context(flags), flags))
    })

  addServeOptions(
    add("serve", "receive the events of SDKs and webhooks over HTTP, until Ctrl+C or SIGTERM"),
  ).action(async (flags: Flags & ServeFlags) => {
    const { serve } = await import("./serve/serve.ts")
    exit(await serve(await context(flags), flags))
  })

  add(
    "load <files...>",
    "load NDJSON, JSON arrays or CSV, also gzip or zstd; a folder stands for its files, - for stdin",
  )
    .addOption(new Option("--format <format>", "the format, instead of detecting it").choices(inputFormats))
    .option(
      "--map <column=path>",
      "CSV: the path in the event that a column fills, such as user_id=userId; repeatable",
      (pair: string, pairs: string[] = []) => [...pairs, pair],
    )
    .option("--dry-run", "map and validate the events, and send nothing")
    .option("--schema <file>", "a JSON Schema for all events, or an object with one for each event name")
    .addOption(
      new Option("--on-violation <action>", "what happens to an event that violates its schema").choices([
        "reject",
        "observe",
      ]),
    )
    .option("--dead-letters <file>", "append the events that are not stored to this file, as NDJSON")
    .option("--resume", "continue an interrupted load from its checkpoint")
    .option(
      "--checkpoint <file>",
      "where the checkpoint is, instead of a name made from the files and the table",
    )
    .action(async (files: string[], flags: Flags & LoadFlags) => {
      const { load } = await import("./load/load.ts")
      exit(await load(await context(flags, { isOffline: flags.dryRun === true }), files, flags))
    })

  add("replay <files...>", "send the events of dead-letter files again, and print what changed")
    .option("--dead-letters <file>", "append the events that are not stored this time to this file")
    .action(async (files: string[], flags: Flags & ReplayFlags) => {
      const { replay } = await import("./replay/replay.ts")
      exit(await replay(await context(flags), files, flags))
    })

  addSqlCommands(program, { context, exit })

  add(
    "migrate",
    "copy a table without a unique key to one with a key, and swap them; can be interrupted anywhere",
  )
    .option("--dry-run", "print the plan and the statements, and change nothing")
    .option("--yes", "do not ask; required without a terminal")
    .option("--skip-invalid", "leave rows that the new table cannot hold in the old one")
    .option("--step-rows <rows>", "how many rows one statement copies", "200000")
    .option("--drop-old", "delete the old table of a finished migration, if the new one has all of its ids")
    .action(async (flags: Flags & MigrateFlags) => {
      const { migrate } = await import("./migrate/migrate.ts")
      exit(await migrate(await context(flags), flags))
    })

  add("query [sql]", "run a query and print its rows; reads stdin without an argument")
    .addOption(
      new Option(
        "--format <format>",
        "how the rows are printed (default: table on a terminal, else ndjson)",
      ).choices(["table", "json", "csv", "ndjson"]),
    )
    .action(async (sql: string | undefined, flags: Flags & QueryFlags) => {
      const { query } = await import("./query/query.ts")
      exit(await query(await context(flags), { sql, ...flags }))
    })

  program
    .command("explain [code]")
    .description(
      "explain an error code, such as unknown_table, and what to do; lists the codes without an argument",
    )
    .option("--json", "print one JSON document")
    .action(async (code: string | undefined) => {
      const { explain } = await import("./explain/explain.ts")
      exit(explain(output, code))
    })

  // Sets `singlesink complete <shell>`.
  tab(program)
  return program
}

interface QueryFlags {
  format?: "table" | "json" | "csv" | "ndjson"
}
