import { ConfigError } from "@singlesink/core"

/**
 * What zod, valibot, arktype and others have in common, as far as we use it.
 *
 * @see https://standardschema.dev
 */
export interface Schema<Output> {
  readonly "~standard": {
    readonly version: 1
    readonly validate: (value: unknown) => Result<Output> | Promise<Result<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

type Result<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] }

interface Issue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/**
 * Each row as the schema gives it back.
 *
 * @throws ConfigError `unexpected_rows` that says which row and where; a schema's own messages may hold values
 */
export async function checkRows<Row>(rows: readonly unknown[], schema: Schema<Row>): Promise<Row[]> {
  const checked: Row[] = []
  for (const [index, row] of rows.entries()) {
    const result = await validate(row, schema)
    if (result.issues !== undefined) throw toRowsError(index, result.issues)
    checked.push(result.value)
  }
  return checked
}

async function validate<Row>(row: unknown, schema: Schema<Row>): Promise<Result<Row>> {
  try {
    return await schema["~standard"].validate(row)
  } catch {
    // What a schema throws may hold the value.
    return { issues: [{}] }
  }
}

function toRowsError(index: number, issues: readonly Issue[]): ConfigError {
  const paths = issues.map(({ path = [] }) => path.map(toKey).join(".") || "the row itself")
  const message = `Row ${index + 1} of the result is not what the schema says, at ${[...new Set(paths)].join(", ")}. Correct the query or the schema.`
  return new ConfigError({ code: "unexpected_rows", message })
}

function toKey(step: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof step === "object" ? step.key : step)
}
