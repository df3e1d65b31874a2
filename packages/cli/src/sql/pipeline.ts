import { type Column, quoteName } from "@singlesink/core"
import type { Context } from "../context.ts"
import { CommandError, type ExitCode } from "../exit.ts"
import type { Settings } from "../settings/settings.ts"
import { toCreateTable } from "../table/create.ts"
import { quoteString } from "./literal.ts"
import { toKeys, toPaths } from "./path.ts"
import { printStatements, type Statements } from "./statements.ts"

export interface PipelineFlags {
  readonly brokers: string
  readonly topic: string
  readonly name?: string
}

/** Prints a pipeline that loads the topic into the table. */
export async function printPipeline({ settings, output }: Context, flags: PipelineFlags): Promise<ExitCode> {
  // Mistakes in --columns are reported here.
  toCreateTable(settings)
  if (!/^[\w.-]+(:\d{1,5})?(,[\w.-]+(:\d{1,5})?)*$/.test(flags.brokers)) {
    throw new CommandError("--brokers must be a list such as kafka-1:9092,kafka-2:9092, without spaces.")
  }
  if (!/^[\w.-]{1,249}$/.test(flags.topic)) {
    throw new CommandError("--topic must be the name of a Kafka topic: letters, digits, dots, _ and -.")
  }
  return printStatements(output, toPipeline(settings, flags))
}

/** @see https://docs.singlestore.com/cloud/reference/sql-reference/pipelines-commands/create-pipeline */
export function toPipeline(
  { table, columns, deduplicate }: Pick<Settings, "table" | "columns" | "deduplicate">,
  { brokers, topic, name = table }: PipelineFlags,
): Statements {
  let variables = 0
  const mappings = columns.map(column => toMapping(column, () => `@v${++variables}`))
  const assignments = mappings.flatMap(({ assignment }) => assignment ?? [])
  const lines = [
    `CREATE PIPELINE ${quoteName(name)}`,
    `AS LOAD DATA KAFKA ${quoteString(`${brokers}/${topic}`)}`,
    ...(deduplicate ? ["SKIP DUPLICATE KEY ERRORS"] : []),
    `INTO TABLE ${quoteName(table)}`,
    "FORMAT JSON (",
    mappings.flatMap(({ fields }) => fields.map(field => `  ${field}`)).join(",\n"),
    ")",
    ...(assignments.length > 0 ? [`SET\n  ${assignments.join(",\n  ")}`] : []),
  ]
  return { notes: toNotes(name, columns, deduplicate), statements: [lines.join("\n")] }
}

interface Mapping {
  /** Parts of FORMAT JSON. */
  readonly fields: readonly string[]
  /** A part of SET, if a value is more than one field as it is. */
  readonly assignment?: string
}

function toMapping({ name, type, from, required }: Column, toVariable: () => string): Mapping {
  const paths = toPaths(from)
  // A missing value of a field without DEFAULT stops the pipeline.
  const fallback = required === true && paths.length === 1 ? "" : " DEFAULT NULL"
  const isPlain = paths.length === 1 && type !== "DATETIME(6)"
  const targets = isPlain ? [quoteName(name)] : paths.map(toVariable)
  const fields = paths.map((path, index) => `${targets[index]} <- ${toField(path)}${fallback}`)
  if (isPlain) return { fields }
  const value = targets.length === 1 ? (targets[0] ?? "") : `COALESCE(${targets.join(", ")})`
  const converted = type === "DATETIME(6)" ? toTime(value) : value
  return { fields, assignment: `${quoteName(name)} = ${converted}` }
}

/** `%` is the whole message. */
function toField(path: string): string {
  const keys = toKeys(path)
  return keys.length === 0 ? "%" : keys.map(quoteName).join("::")
}

/** The UTC text of a time that ends in Z, up to microseconds. Another offset would be another instant, so it is NULL. */
function toTime(value: string): string {
  return `CASE WHEN ${value} LIKE '%Z' THEN LEFT(REPLACE(REPLACE(${value}, 'T', ' '), 'Z', ''), 26) END`
}

function toNotes(name: string, columns: readonly Column[], deduplicate: boolean): string[] {
  const required = columns.filter(column => column.required === true).map(column => column.name)
  const id = columns.find(({ role }) => role === "id")
  const times = columns.filter(({ type }) => type === "DATETIME(6)").map(column => column.name)
  const indexed = columns.filter(({ from }) =>
    toPaths(from)
      .flatMap(toKeys)
      .some(key => /^\d+$/.test(key)),
  )
  return [
    "The database itself reads the topic: one event in each message, as JSON.",
    "This pipeline checks less than singlesink does, which rejects single events. Differences:",
    ...(times.length > 0
      ? [
          `- ${times.join(", ")}: only ISO 8601 in UTC that ends in Z. Other offsets, epoch milliseconds and dates become NULL, which a NOT NULL column refuses.`,
        ]
      : []),
    ...(required.length > 0
      ? [
          `- An event without ${required.join(", ")} is an error that stops the pipeline${id === undefined ? "" : `, and a blank ${id.name} is stored`}.`,
        ]
      : []),
    "- Text columns: true and false become 1 and 0, objects become JSON text, and numbers keep their digits.",
    "- JSON columns: a bare string is not valid JSON and is an error.",
    ...(indexed.length > 0
      ? [`- ${indexed.map(column => column.name).join(", ")}: a pipeline cannot read an element of an array.`]
      : []),
    deduplicate
      ? "- A message whose key is stored already is skipped, so reading the topic again is safe."
      : "- The table has no key, so reading the topic again stores its events again.",
    "Brokers that need TLS or a password: add CONFIG '{…}' and CREDENTIALS '{…}' after the line with KAFKA.",
    `The pipeline is created stopped. Try it with TEST PIPELINE ${quoteName(name)} LIMIT 1, and then run START PIPELINE ${quoteName(name)}.`,
    "Errors are in information_schema.PIPELINES_ERRORS.",
  ]
}
