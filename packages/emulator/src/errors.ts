/** The errors of the engine by MySQL code: SQLSTATE and text, in which each % takes one value. */
const refusals = {
  1045: ["28000", "Access denied for user '%' (using password: %)"],
  1046: ["3D000", "No database selected"],
  1048: ["23000", "Column '%' cannot be null"],
  1049: ["42000", "Unknown database '%'"],
  1050: ["42S01", "Table '%' already exists"],
  1051: ["42S02", "Unknown table '%'"],
  1052: ["23000", "Column '%' is ambiguous"],
  1054: ["42S22", "Unknown column '%' in '%'"],
  1055: ["42000", "%"],
  1060: ["42S21", "Duplicate column name '%'"],
  1062: ["23000", "Duplicate entry '%' for key '%'"],
  1064: ["42000", "%"],
  1066: ["42000", "Not unique table/alias: '%'"],
  1067: ["42000", "Invalid default value for '%'"],
  1068: ["42000", "Multiple primary key defined"],
  1072: ["42000", "Key column '%' doesn't exist in table"],
  1105: ["HY000", "%"],
  1109: ["42S02", "Unknown table '%' in field list"],
  1110: ["42000", "Column '%' specified twice"],
  1113: ["42000", "A table must have at least 1 column"],
  1136: ["21S01", "Column count doesn't match value count at row %"],
  1142: ["42000", "% command denied to user '%'@'%' for table '%'"],
  1146: ["42S02", "Table '%' doesn't exist"],
  1193: ["HY000", "Unknown system variable '%'"],
  1222: ["21000", "The used SELECT statements have a different number of columns"],
  1264: ["22003", "Out of range value for column '%' at row %"],
  1292: ["22007", "Incorrect % value: '%'%"],
  1288: ["HY000", "The target table % of the % is not updatable"],
  1347: ["HY000", "'%' is not %"],
  1356: [
    "HY000",
    "View '%' references invalid table(s) or column(s) or function(s) or definer/invoker of view lack rights to use them",
  ],
  1364: ["HY000", "Field '%' doesn't have a default value"],
  1366: ["HY000", "Incorrect % value: '%' for column '%' at row %"],
  1406: ["22001", "Data too long for column '%' at row %"],
  1462: ["HY000", "'%' contains view recursion"],
  1471: ["HY000", "The target table % of the % is not insertable-into"],
  1690: ["22003", "%"],
  1895: ["HY000", "The unique key named '%' must contain all columns of the shard key"],
  3140: ["22032", "Invalid JSON text: '%' for column '%' at row %"],
  // Only faults produce the rest.
  1040: ["08004", "Too many connections"],
  1205: ["HY000", "Lock wait timeout exceeded; try restarting transaction"],
  1213: ["40001", "Deadlock found when trying to get lock; try restarting transaction"],
  1317: ["70100", "Query execution was interrupted"],
  1712: [
    "HY000",
    "Not enough memory available to complete the current request. The request was not processed.",
  ],
  1720: ["HY000", "Memory used by tables has reached 'maximum_table_memory'; the write was not processed"],
  2006: ["HY000", "The server has gone away"],
  2013: ["HY000", "Lost connection to the server during query"],
  2269: ["HY000", "The database is recovering; try again later"],
} as const

/** An error of the engine, as a body with status 200 contains it. */
export interface EngineError {
  code: number
  message: string
}

/** A refused statement, with the status and the plain text of the answer. */
export class StatementError extends Error {
  override name = "StatementError"
  readonly status: number
  /** Undefined if the API refused the statement, and not the engine. */
  readonly engine: EngineError | undefined

  constructor(text: string, status: number, engine?: EngineError) {
    super(text)
    this.status = status
    this.engine = engine
  }
}

/** The status of errors about access. All other errors have status 400. */
const statuses: Record<number, number> = { 1045: 401, 1142: 403 }

/** An error in the engine's words: `Error 1146 (42S02): Table 'events.nope' doesn't exist`. */
export function refusal(code: keyof typeof refusals, ...values: (string | number)[]): StatementError {
  const [state, text] = refusals[code]
  let taken = 0
  const message = text.replace(/%/g, () => String(values[taken++]))
  return new StatementError(`Error ${code} (${state}): ${message}`, statuses[code] ?? 400, { code, message })
}

/** The text of any MySQL code, without the values of a real error. */
export function engineText(code: number, row = 1): string {
  const known: Record<number, readonly [state: string, text: string]> = refusals
  const [state, text] = known[code] ?? ["HY000", "Unknown error"]
  return `Error ${code} (${state}): ${text.replace("row %", `row ${row}`).replaceAll("%", "?")}`
}

/** Refuses SQL at the first unknown token, and never guesses. */
export function syntaxError(sql: string, at: number, why?: string): StatementError {
  const line = sql.slice(0, at).split("\n").length
  const hint = why === undefined ? "" : `; ${why}`
  return refusal(
    1064,
    `You have an error in your SQL syntax, or use SQL that the emulator does not know, near '${sql.slice(at, at + 80)}' at line ${line}${hint}`,
  )
}

/** Converts an error of DuckDB. An error of the statement has status 400, an unforeseen error 500. */
export function fromDuckdb(error: unknown): StatementError {
  if (error instanceof StatementError) return error
  if (error instanceof RangeError)
    return refusal(1064, `the statement is nested too deeply: ${error.message}`)
  const text = firstLine(error)
  if (text.includes("GROUP BY clause")) return refusal(1055, text)
  if (/^(Binder|Parser|Syntax) Error/.test(text))
    return refusal(1064, `the emulator cannot run this statement: ${text}`)
  return toValueError(error) ?? new StatementError(`Error 1105 (HY000): ${text}`, 500)
}

/** The refusal of a value that only the calculation of a row reveals. */
export function toValueError(error: unknown): StatementError | undefined {
  const text = firstLine(error)
  if (!/^(Conversion|Out of Range|Invalid Input) Error/.test(text)) return undefined
  const [, time] = /(?:Incorrect datetime value: |field value out of range: ")([^"]*)/.exec(text) ?? []
  return time === undefined ? refusal(1690, text) : refusal(1292, "datetime", time.slice(0, 64), "")
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? ""
}
