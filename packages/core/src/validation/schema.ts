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

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

export interface SchemaIssue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export function isSchema(value: unknown): value is Schema {
  const { "~standard": standard } = Object(value) as Partial<Schema>
  return typeof standard?.validate === "function"
}

/** The different paths of issues, such as `properties.plan`. Their messages are not used, because they may contain values. */
export function toPaths(issues: readonly SchemaIssue[], root: string): string[] {
  return [...new Set(issues.map(({ path = [] }) => path.map(toKey).join(".") || root))]
}

function toKey(step: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof step === "object" ? step.key : step)
}
