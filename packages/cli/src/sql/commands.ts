import { type Command, Option } from "commander"
import type { Context } from "../context.ts"
import type { ExitCode } from "../exit.ts"
import { addConnectionOptions } from "../settings/flags.ts"
import type { Flags } from "../settings/settings.ts"
import type { ApplyFlags } from "./apply.ts"
import type { GrantFlags } from "./grants.ts"
import type { PipelineFlags } from "./pipeline.ts"
import { purposes } from "./purposes.ts"
import type { ViewFlags } from "./views/views.ts"

interface Host {
  readonly context: (flags: Flags, options?: { isOffline?: boolean }) => Promise<Context>
  readonly exit: (code: ExitCode) => void
}

/** Adds `sql table`, `sql grants`, `sql views` and `sql pipeline`. */
export function addSqlCommands(program: Command, { context, exit }: Host): void {
  const sql = program
    .command("sql")
    .description("print SQL for the table: its DDL, grants, views or a Kafka pipeline")
  const add = (name: string, description: string) =>
    addConnectionOptions(sql.command(name).description(description))
  const addApply = (command: Command) =>
    command
      .option("--apply", "ask, and then run the statements")
      .option("--yes", "do not ask; required without a terminal")

  addApply(add("table", "the statement that creates the table")).action(async (flags: Flags & ApplyFlags) => {
    const { printTable } = await import("./table.ts")
    exit(await printTable(await context(flags, { isOffline: flags.apply !== true }), flags))
  })

  // Without the options of a connection, because --host is the user's.
  sql
    .command("grants")
    .description("the least rights of a user")
    .option("--user <name>", "the user who gets the rights", "singlesink")
    .option("--host <host>", "the addresses the user connects from", "%")
    .addOption(new Option("--for <purpose>", "what the user does").choices(purposes).default("write"))
    .option("--database <name>", "the database (SINGLESTORE_DATABASE)")
    .option("--table <name>", "the table, segment_data by default (SINGLESTORE_TABLE)")
    .option("--env-file <file>", "read variables from this file instead of .env")
    .option("--json", "print one JSON document")
    .action(async (flags: Flags & GrantFlags) => {
      const { printGrants } = await import("./grants.ts")
      exit(await printGrants(await context(flags, { isOffline: true }), flags))
    })

  addApply(
    add("views", "views of traits, audiences and each event, with types inferred from the rows")
      .option("--prefix <text>", "the start of the name of each view")
      .option("--since <date>", "only rows since this date in UTC, such as 2026-01-01")
      .option("--sample <rows>", "how many rows of each event are read, the newest first", "1000"),
  ).action(async (flags: Flags & ViewFlags) => {
    const { printViews } = await import("./views/views.ts")
    exit(await printViews(await context(flags), flags))
  })

  add("pipeline", "a pipeline that loads the events of a Kafka topic")
    .requiredOption("--brokers <hosts>", "the brokers, such as kafka-1:9092,kafka-2:9092")
    .requiredOption("--topic <name>", "the topic")
    .option("--name <name>", "the name of the pipeline, the one of the table by default")
    .action(async (flags: Flags & PipelineFlags) => {
      const { printPipeline } = await import("./pipeline.ts")
      exit(await printPipeline(await context(flags, { isOffline: true }), flags))
    })
}
