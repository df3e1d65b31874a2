import { refusal } from "../errors.ts"
import { double, integer, nothing, type Typed, toNumeric } from "./typed.ts"

type Operator = "+" | "-" | "*" | "/" | "%"

/** How many digits a division adds to those of its left side. */
const divisionDigits = 4
/** DuckDB's decimals end at 38 digits. */
const maxDigits = 18

/** Integers stay integers, decimals stay exact, and a quotient of either is a decimal, as in MySQL. */
export function arithmetic(operator: Operator, left: Typed, right: Typed): Typed {
  const [first, second] = [toNumeric(left), toNumeric(right)]
  if (first.type.kind === "null" || second.type.kind === "null") return { sql: "NULL", type: nothing }
  const isDouble = first.type.kind === "double" || second.type.kind === "double"
  if (operator === "/") return isDouble ? quotient(first, second) : exactQuotient(first, second)
  const isInteger = first.type.kind === "integer" && second.type.kind === "integer"
  const [a, b] = isInteger ? [wide(first), wide(second)] : [narrow(first, isDouble), narrow(second, isDouble)]
  const sql = operator === "%" ? `(${a} % nullif(${b}, 0))` : `(${a} ${operator} ${b})`
  if (isDouble) return { sql, type: double }
  if (isInteger) return { sql, type: integer }
  const { digits } = first.type
  const sum = operator === "*" ? digits + second.type.digits : Math.max(digits, second.type.digits)
  return { sql, type: { kind: "decimal", digits: sum } }
}

export function negative(operand: Typed): Typed {
  const value = toNumeric(operand)
  if (value.type.kind === "null") return value
  return { sql: `(-${value.type.kind === "integer" ? wide(value) : value.sql})`, type: value.type }
}

/** The average of integers and decimals is a decimal too. */
export function toExact(sql: string, digits: number): Typed {
  const scale = digits + divisionDigits
  if (scale > maxDigits)
    throw refusal(1690, `DECIMAL value is out of range of the emulator's ${maxDigits} digits`)
  return {
    sql: `CAST(round(${sql}, ${scale}) AS DECIMAL(38, ${scale}))`,
    type: { kind: "decimal", digits: scale },
  }
}

function quotient(left: Typed, right: Typed): Typed {
  return { sql: `(CAST(${left.sql} AS DOUBLE) / nullif(CAST(${right.sql} AS DOUBLE), 0))`, type: double }
}

function exactQuotient(left: Typed, right: Typed): Typed {
  return toExact(quotient(left, right).sql, left.type.digits)
}

/** Room enough that integers do not overflow on the way. */
function wide({ sql }: Typed): string {
  return `CAST(${sql} AS HUGEINT)`
}

/** An integer beside a decimal must not widen it past DuckDB's 38 digits. */
function narrow({ sql, type }: Typed, isDouble: boolean): string {
  if (isDouble) return `CAST(${sql} AS DOUBLE)`
  return type.kind === "integer" ? `CAST(${sql} AS BIGINT)` : sql
}
