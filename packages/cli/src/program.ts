import { readFileSync } from "node:fs"
import tab from "@bomb.sh/tab/commander"
import { Command, Option } from "commander"
import type { Context } from "./context.ts"
import type { ExitCode } from "./exit.ts"
import type { Output } from "./output/output.ts"
import { addConnectionOptions } from "./settings/flags.ts"
import { type Flags, readSettings } from "./settings/settings.ts"
import type { Terminal } from "./terminal.ts"

/**
 * Creates the commands. Each one loads its code when it runs, so `--help` and completion are fast.
 *
 * @param exit receives the exit code of the command
 */
export function createProgram(terminal: Terminal, output: Output, exit: (code: ExitCode) => void): Command {
  const program = new Command("singlesink")
    .description(
      "Segment-style events in SingleStore: check a connection, load files, query, replay, migrate.",
    )
    .version(readVersion(), "--version", "print the version")
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

  const context = async (flags: Flags): Promise<Context> => ({
    terminal,
    output,
    settings: await readSettings(flags, terminal),
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

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))
  return String(version)
}
