import { syntaxError } from "../errors.ts"
import type { Call, Expression } from "../parse/syntax.ts"
import { compare } from "./comparison.ts"
import type { Context } from "./context.ts"
import { document, extract, key } from "./path.ts"
import {
  binary,
  commonType,
  date,
  double,
  integer,
  nothing,
  type Typed,
  text,
  toCondition,
  toNumeric,
  toText,
  toTime,
  toType,
  unknownMeaning,
} from "./typed.ts"
import { variable } from "./variable.ts"

/** How a function is translated, and how many arguments it takes. */
interface Rule {
  least: number
  most: number
  make(values: Typed[], context: Context): Typed
}

/** Every function that is not an aggregate: adding one is one line. */
const rules: Record<string, Rule> = {
  COALESCE: { least: 1, most: 100, make: coalesce },
  IFNULL: { least: 2, most: 2, make: coalesce },
  NULLIF: rule(2, (a, b) => ({
    sql: `(CASE WHEN ${compare("=", a, b).sql} THEN NULL ELSE ${a.sql} END)`,
    type: a.type,
  })),
  IF: rule(3, (test, yes, no) => {
    const type = commonType([yes, no])
    return {
      sql: `(CASE WHEN ${toCondition(test)} THEN ${toType(yes, type)} ELSE ${toType(no, type)} END)`,
      type,
    }
  }),
  LENGTH: rule(1, value => ({
    sql: value.type.kind === "binary" ? `octet_length(${value.sql})` : `strlen(${plain(value)})`,
    type: integer,
  })),
  HEX: rule(1, hex),
  // What is no hexadecimal text is NULL.
  UNHEX: rule(1, value => {
    const source = plain(value)
    return {
      sql: `(CASE WHEN regexp_full_match(${source}, '[0-9A-Fa-f]*') THEN unhex(${source}) END)`,
      type: binary,
    }
  }),
  CHAR_LENGTH: rule(1, value => ({ sql: `length(${plain(value)})`, type: integer })),
  LOWER: rule(1, value => ({ sql: `lower(${plain(value)})`, type: text })),
  UPPER: rule(1, value => ({ sql: `upper(${plain(value)})`, type: text })),
  // Spaces only, not tabs and line breaks.
  TRIM: rule(1, value => ({ sql: `trim(${plain(value)}, ' ')`, type: text })),
  // DuckDB's concat() leaves NULL out, || does not.
  CONCAT: {
    least: 1,
    most: 100,
    make: values => ({ sql: `(${values.map(plain).join(" || ")})`, type: text }),
  },
  SUBSTRING: { least: 2, most: 3, make: substring },
  ROUND: { least: 1, most: 2, make: round },
  FLOOR: rule(1, value => wholeNumber("floor", value)),
  CEIL: rule(1, value => wholeNumber("ceil", value)),
  ABS: rule(1, value => {
    const { sql, type } = toNumeric(value)
    return { sql: `abs(${sql})`, type }
  }),
  DATE: rule(1, value => ({ sql: `CAST(${toTime(value).sql} AS DATE)`, type: date })),
  YEAR: rule(1, value => ({ sql: `year(${toTime(value).sql})`, type: integer })),
  MONTH: rule(1, value => ({ sql: `month(${toTime(value).sql})`, type: integer })),
  DAY: rule(1, value => ({ sql: `day(${toTime(value).sql})`, type: integer })),
  HOUR: rule(1, value => ({ sql: `hour(CAST(${toTime(value).sql} AS TIMESTAMP))`, type: integer })),
  DATE_TRUNC: rule(2, dateTrunc),
  VERSION: { least: 0, most: 0, make: (_values, context) => variable("version", context) },
  DATABASE: {
    least: 0,
    most: 0,
    make: (_values, { database, bind }) =>
      database === undefined ? { sql: "NULL", type: nothing } : { sql: bind(database), type: text },
  },
  CURRENT_USER: { least: 0, most: 0, make: (_values, { bind, user }) => ({ sql: bind(user), type: text }) },
  NOW: { least: 0, most: 1, make: now },
  JSON_EXTRACT_STRING: {
    least: 2,
    most: 100,
    make: ([value, ...keys]) => extract(value, keys.map(key), "text"),
  },
  JSON_EXTRACT_JSON: {
    least: 2,
    most: 100,
    make: ([value, ...keys]) => extract(value, keys.map(key), "json"),
  },
  JSON_EXTRACT_DOUBLE: {
    least: 2,
    most: 100,
    make: ([value, ...keys]) => extract(value, keys.map(key), "double"),
  },
  JSON_EXTRACT_BIGINT: {
    least: 2,
    most: 100,
    make([value, ...keys]) {
      const json = extract(value, keys.map(key), "json")
      // Documented: fractions are rounded, what is no number is 0; a null and a path that leads nowhere are NULL.
      const isValue = `json_type(${json.sql}) <> 'NULL'`
      return {
        sql: `CASE WHEN ${isValue} THEN CAST(round(coalesce(${toNumeric(json).sql}, 0)) AS BIGINT) END`,
        type: integer,
      }
    },
  },
  JSON_LENGTH: rule(1, value => {
    const sql = document(value)
    return {
      sql: `(CASE json_type(${sql}) WHEN 'ARRAY' THEN json_array_length(${sql}) WHEN 'OBJECT' THEN len(json_keys(${sql})) END)`,
      type: integer,
    }
  }),
}

export function callFunction(call: Call, translate: (operand: Expression) => Typed, context: Context): Typed {
  const found = Object.hasOwn(rules, call.name) ? rules[call.name] : undefined
  if (found === undefined || call.arguments === "*" || call.distinct || call.over !== undefined) {
    throw syntaxError(context.sql, call.at)
  }
  const { length } = call.arguments
  if (length < found.least || length > found.most) {
    throw syntaxError(context.sql, call.at, `wrong number of arguments for ${call.name}`)
  }
  return found.make(call.arguments.map(translate), context)
}

function rule(count: 1 | 2 | 3, make: (...values: [Typed, Typed, Typed]) => Typed): Rule {
  return { least: count, most: count, make: values => make(...(values as [Typed, Typed, Typed])) }
}

function plain(value: Typed): string {
  if (value.type.kind === "json") throw unknownMeaning("text functions over JSON: take it as text with ::$")
  return toText(value)
}

/** Of text its bytes, of an integer its digits. */
function hex(value: Typed): Typed {
  const { sql, type } = value
  if (type.kind === "binary") return { sql: `hex(${sql})`, type: text }
  if (type.kind === "integer") return { sql: `hex(CAST(${sql} AS BIGINT))`, type: text }
  if (type.kind !== "text" && type.kind !== "null") throw unknownMeaning(`HEX of a ${type.kind} value`)
  return { sql: `hex(encode(${plain(value)}))`, type: text }
}

function coalesce(values: Typed[]): Typed {
  const type = commonType(values)
  return { sql: `coalesce(${values.map(value => toType(value, type)).join(", ")})`, type }
}

function substring([value, start, count]: Typed[]): Typed {
  if (value === undefined || start === undefined) throw unknownMeaning("SUBSTRING without a start")
  const source = plain(value)
  const from = `CAST(${toNumeric(start).sql} AS BIGINT)`
  const length =
    count === undefined ? `length(${source})` : `greatest(CAST(${toNumeric(count).sql} AS BIGINT), 0)`
  // Position 0 and a negative one before the text give nothing.
  const outside = `${from} = 0 OR -${from} > length(${source})`
  return {
    sql: `(CASE WHEN ${outside} THEN '' ELSE substring(${source}, ${from}, ${length}) END)`,
    type: text,
  }
}

function round([value, places]: Typed[]): Typed {
  if (value === undefined) throw unknownMeaning("ROUND of nothing")
  const number = toNumeric(value)
  const digits = places === undefined ? 0 : Number(places.constant)
  if (!Number.isInteger(digits) || digits < 0)
    throw unknownMeaning("ROUND to digits that are not a constant from 0")
  if (number.type.kind === "integer") return number
  if (number.type.kind === "decimal") {
    const kept = Math.min(digits, number.type.digits)
    return { sql: `round(${number.sql}, ${kept})`, type: { kind: "decimal", digits: kept } }
  }
  return { sql: `round(${number.sql}, ${digits})`, type: number.type }
}

function wholeNumber(name: "floor" | "ceil", value: Typed): Typed {
  const { sql, type } = toNumeric(value)
  if (type.kind === "integer") return { sql, type }
  return type.kind === "double"
    ? { sql: `${name}(${sql})`, type: double }
    : { sql: `CAST(${name}(${sql}) AS BIGINT)`, type: integer }
}

const units = new Set(["year", "quarter", "month", "day", "hour", "minute", "second"])

function dateTrunc(unit: Typed, value: Typed): Typed {
  const name = unit.constant?.toLowerCase() ?? ""
  if (!units.has(name)) throw unknownMeaning(`this unit of DATE_TRUNC: it knows ${[...units].join(", ")}`)
  const time = toTime(value)
  return {
    sql: `date_trunc('${name}', CAST(${time.sql} AS TIMESTAMP))`,
    type: { kind: "datetime", digits: time.type.digits },
  }
}

function now([digits]: Typed[], context: Context): Typed {
  if (digits !== undefined && digits.constant !== "6") throw unknownMeaning("NOW with digits other than 6")
  const time = digits === undefined ? context.now.slice(0, 19) : context.now
  return {
    sql: `CAST(${context.bind(time)} AS TIMESTAMP)`,
    type: { kind: "datetime", digits: digits === undefined ? 0 : 6 },
  }
}
