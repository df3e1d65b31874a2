import * as z from "zod/mini"
import { type Column, defaultColumns } from "./columns.ts"
import { ConfigError } from "./errors.ts"
import { toKeys } from "./path.ts"
import type { SinkApi } from "./port.ts"

/** Which table, and what is in it. */
export interface TableOptions {
  /** Name of the table; a dot in it is part of the name. @default "segment_data" */
  table?: string | undefined
  /** The columns, in order. @default defaultColumns */
  columns?: readonly Column[] | undefined
}

/** How much goes into one request, and how many requests go at once. */
export interface Limits {
  /** Most rows in one request; rows times columns stay within 65,000. At the limit the batch is cut. @default 5000 */
  maxRows?: number | undefined
  /**
   * Most bytes of a request's whole body. At the limit the batch is cut; a row that does not fit alone is refused
   * with `row_too_large`. The Data API takes 1 MB. @default 1000000
   */
  maxBytes?: number | undefined
  /** Most requests under way at once; further batches wait. @default 4 */
  maxInFlight?: number | undefined
}

export interface SinkOptions extends TableOptions {
  /** Where inserts go: what createDataApi of @singlesink/data-api returns, or a port of your own. */
  api: SinkApi
  limits?: Limits | undefined
}

const defaultTable = "segment_data"

/** The most placeholders that one statement carries. */
const maxPlaceholders = 65_000

// https://docs.singlestore.com/cloud/reference/configuration-reference/system-limits/
const nameSchema = z.string().check(z.minLength(1), z.maxLength(256))
const pathSchema = z
  .string()
  .check(z.refine(path => toKeys(path) !== undefined, "is not a path such as context.page.url"))

const columnSchema: z.ZodMiniType<Column> = z.strictObject({
  name: nameSchema,
  type: z.enum(["TEXT", "DATETIME(6)", "JSON"]),
  from: z.union([pathSchema, z.readonly(z.array(pathSchema).check(z.minLength(1)))]),
  required: z.optional(z.boolean()),
  role: z.optional(z.enum(["id", "time"])),
})

const columnsSchema = z.readonly(
  z.array(columnSchema).check(
    z.minLength(1),
    z.refine(columns => allDiffer(columns.map(column => column.name.toLowerCase())), "holds a name twice"),
    z.refine(
      columns => allDiffer(columns.flatMap(column => column.role ?? [])),
      "gives a role to two columns",
    ),
    z.refine(
      columns => columns.some(({ role, type, required }) => role === "id" && type === "TEXT" && required),
      'needs a TEXT column with required: true and role: "id": it is the key that stores each event once',
    ),
  ),
)

const tableShape = { table: z.optional(nameSchema), columns: z.optional(columnsSchema) }
const tableSchema = z.strictObject(tableShape)

const wholeNumber = (max: number) => z.optional(z.int().check(z.minimum(1), z.maximum(max)))

const sinkSchema = z.strictObject({
  ...tableShape,
  api: z.custom<SinkApi>(isSinkApi, "is not a port: it needs a database and a send function"),
  limits: z.optional(
    z.strictObject({
      maxRows: wholeNumber(maxPlaceholders),
      maxBytes: wholeNumber(Number.MAX_SAFE_INTEGER),
      maxInFlight: wholeNumber(1_000),
    }),
  ),
})

type Resolved<Options> = { [Key in keyof Options]-?: NonNullable<Options[Key]> }
export type ResolvedLimits = Resolved<Limits>
export type ResolvedSinkOptions = Resolved<SinkOptions> & { limits: ResolvedLimits }

/** The table with its defaults filled in. */
export function toTable(options: TableOptions): Resolved<TableOptions> {
  const { table = defaultTable, columns = defaultColumns } = check("createTableSql", tableSchema, options)
  return { table, columns }
}

/** The sink's options with their defaults filled in. */
export function toSinkOptions(options: SinkOptions): ResolvedSinkOptions {
  const {
    api,
    table = defaultTable,
    columns = defaultColumns,
    limits,
  } = check("createSink", sinkSchema, options)
  const { maxRows = 5_000, maxBytes = 1_000_000, maxInFlight = 4 } = limits ?? {}
  const mostRows = Math.max(1, Math.floor(maxPlaceholders / columns.length))
  return { api, table, columns, limits: { maxRows: Math.min(maxRows, mostRows), maxBytes, maxInFlight } }
}

function check<Options>(caller: string, schema: z.ZodMiniType<Options>, options: unknown): Options {
  // The texts go with this parse: the global settings of a zod that is the user's own too stay as they are.
  const result = z.safeParse(schema, options, { error: issue => issue.message ?? describeIssue(issue) })
  if (result.success) return result.data
  const mistakes = result.error.issues.map(issue => {
    const where = issue.path.map(String).join(".") || "options"
    return `${where} ${issue.message}`
  })
  throw new ConfigError({
    code: "bad_options",
    message: `${caller} cannot work with these options: ${mistakes.join("; ")}. Change them and start again.`,
  })
}

/** What is wrong, without the value: an option may be a secret that slipped. */
function describeIssue(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `is not of type ${issue.expected}`
    case "invalid_value":
      return `is none of ${issue.values.map(String).join(", ")}`
    case "too_small":
      return `is below the least, ${issue.minimum}`
    case "too_big":
      return `is above the most, ${issue.maximum}`
    case "unrecognized_keys":
      return `has a member that is not known: ${issue.keys.join(", ")}`
    default:
      return "is not of a form that is known"
  }
}

function isSinkApi(value: unknown): boolean {
  const api = value as Partial<SinkApi> | null | undefined
  return typeof api?.database === "string" && typeof api.send === "function"
}

function allDiffer(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length
}
