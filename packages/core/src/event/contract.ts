import { ConfigError, EventError } from "../errors.ts"
import type { Observer } from "../observer.ts"
import type { Counts } from "../stats.ts"
import { assertValid, must, oneOf, optional } from "../validation/rules.ts"
import { isSchema, type Schema, toPaths } from "../validation/schema.ts"

/** One schema for all events, or a schema for each event name. */
export type Contract = Schema | Readonly<Record<string, Schema>>

export interface ContractOptions {
  /**
   * What events must look like: one schema for all of them, or a schema for each event name (of a track event) or type
   * (of any other event). Events without a schema are not checked. Any synchronous Standard Schema, such as one of zod,
   * valibot or arktype; `fromJsonSchema` of @singlesink/core/json-schema makes one of a JSON Schema. What a schema returns
   * is not used: an event is stored as it came. @default none
   *
   * @example
   * createSink({ transport, validate: { "Signed Up": z.object({ properties: z.object({ plan: z.string() }) }) } })
   */
  validate?: Contract | undefined
  /**
   * What happens to an event that violates its schema. `reject` rejects it with `schema_violation`; `observe` stores it, and
   * only counts it in `stats().violations` and reports its paths to `observe`. @default "reject"
   */
  onViolation?: "reject" | "observe" | undefined
}

/** Checks an event before it becomes a row. @throws EventError if it violates its schema; ConfigError if the schema is asynchronous */
export type CheckEvent = (event: unknown) => void

const isContract = (value: unknown) =>
  isSchema(value) || (isPlainObject(value) && Object.values(value).every(isSchema))

/** A Map or a list would have no schema that is found by its name. */
const isPlainObject = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** The options with a valid contract. @throws ConfigError with every mistake in it */
export function checkContract<Options extends ContractOptions>(options: Options): Options {
  const { validate, onViolation } = Object(options) as ContractOptions
  assertValid("createSink", [
    ...optional(
      must("a Standard Schema, or an object with a Standard Schema for each event name", isContract),
    )(validate, "validate"),
    ...optional(oneOf(["reject", "observe"]))(onViolation, "onViolation"),
  ])
  return options
}

/** Creates the check of the options; undefined if there is none. */
export function createContract(
  { validate, onViolation = "reject" }: ContractOptions,
  stats: Counts,
  observe: Observer,
): CheckEvent | undefined {
  if (validate === undefined) return undefined
  const find = isSchema(validate) ? () => validate : createFinder(validate)

  return event => {
    const schema = find(event)
    if (schema === undefined) return
    const paths = findViolations(schema, event)
    if (paths === undefined) return
    stats.violations++
    observe?.({ type: "violation", paths })
    if (onViolation === "reject") throw toViolationError(paths)
  }
}

/** Finds the schema of an event: that of its name if it is a track event, and that of its type otherwise. */
function createFinder(schemas: Readonly<Record<string, Schema>>): (event: unknown) => Schema | undefined {
  const byName = new Map(Object.entries(schemas))
  return event => {
    try {
      const { type, event: name } = Object(event) as { type?: unknown; event?: unknown }
      return byName.get(String(type === "track" ? name : type))
    } catch {
      // What cannot be read is reported when the event becomes a row.
      return undefined
    }
  }
}

/** The paths at which an event violates a schema; undefined if it does not. */
function findViolations(schema: Schema, event: unknown): string[] | undefined {
  try {
    const result = schema["~standard"].validate(event)
    if (!("then" in result)) {
      return result.issues === undefined ? undefined : toPaths(result.issues, "the event itself")
    }
    void Promise.resolve(result).catch(() => {})
  } catch {
    // The fault of the schema is not that of the event.
    return undefined
  }
  throw toAsyncError()
}

/** A list of a million wrong elements has a million paths. */
const [maxPathsShown, maxIssues] = [10, 100]

function toViolationError(paths: readonly string[]): EventError {
  const shown = paths.slice(0, maxPathsShown).join(", ")
  const more = paths.length > maxPathsShown ? ` and ${paths.length - maxPathsShown} more places` : ""
  const message = `The event violates its schema at ${shown}${more}. Correct the event or the schema.`
  const issues = paths.slice(0, maxIssues).map(path => ({ path, message: `\`${path}\` violates the schema` }))
  return new EventError({ code: "schema_violation", message, issues })
}

function toAsyncError(): ConfigError {
  const message =
    "A schema in `validate` returned a promise: it is asynchronous, or a check in it threw. Use checks that return their result at once and do not throw."
  return new ConfigError({ code: "invalid_options", message })
}
