import { ConfigError, type Schema } from "@singlesink/core"
import { toPaths } from "@singlesink/core/validation"

/**
 * Each row as the schema returns it.
 *
 * @throws ConfigError `schema_mismatch` with the row and the paths. The messages of a schema may contain values
 */
export async function checkRows<Row>(rows: readonly unknown[], schema: Schema<Row>): Promise<Row[]> {
  const checked: Row[] = []
  for (const [index, row] of rows.entries()) {
    const result = await validate(row, schema)
    if ("paths" in result) throw toRowsError(index, result.paths)
    checked.push(result.value)
  }
  return checked
}

/** The row, or the paths that do not match the schema. */
async function validate<Row>(
  row: unknown,
  schema: Schema<Row>,
): Promise<{ value: Row } | { paths: string[] }> {
  try {
    const result = await schema["~standard"].validate(row)
    if (result.issues === undefined) return { value: result.value }
    return { paths: toPaths(result.issues, "the row itself") }
  } catch {
    // What a schema throws may contain the value.
    return { paths: ["the row itself (the schema throws)"] }
  }
}

function toRowsError(index: number, paths: readonly string[]): ConfigError {
  const message = `Row ${index + 1} of the result does not match the schema at ${paths.join(", ")}. Correct the query or the schema.`
  return new ConfigError({ code: "schema_mismatch", message })
}
