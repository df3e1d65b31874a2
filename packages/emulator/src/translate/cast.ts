import type { CastType } from "../parse/syntax.ts"
import { canonicalJsonText } from "../store/json.ts"
import type { Context } from "./context.ts"
import { date, double, integer, isTime, json, type Typed, text, toText, unknownMeaning } from "./typed.ts"

/** Text must be wholly a number or a time to be cast to one; DuckDB refuses it otherwise, and never guesses. */
export function cast(value: Typed, to: CastType, context: Context): Typed {
  if (to.name === "JSON") return castJson(value, context)
  const isJson = value.type.kind === "json"
  const source = isJson ? `CAST(${value.sql} AS VARCHAR)` : toText(value)
  switch (to.name) {
    case "CHAR":
      return { sql: isJson ? source : toText(value), type: text }
    case "DOUBLE":
      return { sql: `CAST(${source} AS DOUBLE)`, type: double }
    case "SIGNED":
      return { sql: `CAST(${signed(value, source)} AS BIGINT)`, type: integer }
    case "DECIMAL":
      return {
        sql: `CAST(${source} AS DECIMAL(${to.size}, ${to.scale}))`,
        type: { kind: "decimal", digits: to.scale },
      }
    case "DATE":
      return castTime(value, source, undefined)
    case "DATETIME":
      return castTime(value, source, to.size)
  }
}

function castJson(value: Typed, context: Context): Typed {
  if (value.type.kind === "json" || value.type.kind === "null")
    return { sql: `CAST(${value.sql} AS JSON)`, type: json }
  const canonical = value.constant === undefined ? undefined : canonicalJsonText(value.constant)
  if (canonical === undefined) throw unknownMeaning("CAST to JSON of anything but a constant JSON text")
  return { sql: `CAST(${context.bind(canonical)} AS JSON)`, type: json }
}

/** Text loses what stands behind its point, numbers are rounded. */
function signed(value: Typed, source: string): string {
  return value.type.kind === "text"
    ? `trunc(CAST(${source} AS DECIMAL(38, 9)))`
    : `round(CAST(${source} AS DECIMAL(38, 9)))`
}

/** The same forms that a column takes, so that T, Z and offsets are refused and not half understood. */
const timeForm = "\\d{4}-\\d{2}-\\d{2}( \\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?)?"

function castTime(value: Typed, source: string, digits: number | undefined): Typed {
  const checked = isTime(value)
    ? value.sql
    : `CASE WHEN regexp_full_match(${source}, '${timeForm}') THEN ${source} WHEN ${source} IS NOT NULL THEN error('Incorrect datetime value: ' || ${source}) END`
  const time = `CAST(${checked} AS TIMESTAMP)`
  if (digits === undefined) return { sql: `CAST(${time} AS DATE)`, type: date }
  return { sql: digits === 0 ? `date_trunc('second', ${time})` : time, type: { kind: "datetime", digits } }
}
