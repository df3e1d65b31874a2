/**
 * The part of Standard Schema that is used here. Schemas of zod, valibot, arktype and others have it.
 *
 * @see https://standardschema.dev
 */
export interface Schema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

/** What a schema returns: the value, or the issues. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** One thing that is wrong with a value. Only its path is used, because a message may contain values. */
export interface SchemaIssue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/**
 * Whether a value is a schema of this form.
 *
 * @example
 * isSchema(z.string()) // true
 */
export function isSchema(value: unknown): value is Schema {
  const { "~standard": standard } = Object(value) as Partial<Schema>
  return typeof standard?.validate === "function"
}

/**
 * The different paths of issues, such as `properties.plan`. Their messages are not used, because they may contain values.
 *
 * @param root stands for the path of the value itself
 * @example
 * toPaths([{ path: ["properties", "plan"] }, {}], "the event") // ["properties.plan", "the event"]
 */
export function toPaths(issues: readonly SchemaIssue[], root: string): string[] {
  return [...new Set(issues.map(({ path = [] }) => path.map(toKey).join(".") || root))]
}

function toKey(step: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof step === "object" ? step.key : step)
}
