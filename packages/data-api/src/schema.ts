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
    if ("places" in result) throw toRowsError(index, result.places)
    checked.push(result.value)
  }
  return checked
}

/** The row, or where it is not what the schema says. */
async function validate<Row>(
  row: unknown,
  schema: Schema<Row>,
): Promise<{ value: Row } | { places: string[] }> {
  try {
    const result = await schema["~standard"].validate(row)
    if (result.issues === undefined) return { value: result.value }
    return { places: result.issues.map(({ path = [] }) => path.map(toKey).join(".") || "the row itself") }
  } catch {
    // What a schema throws may hold the value.
    return { places: ["the row itself, where the schema throws"] }
  }
}

function toRowsError(index: number, places: readonly string[]): ConfigError {
  const message = `Row ${index + 1} of the result is not what the schema says, at ${[...new Set(places)].join(", ")}. Correct the query or the schema.`
  return new ConfigError({ code: "unexpected_rows", message })
}

function toKey(step: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof step === "object" ? step.key : step)
}
