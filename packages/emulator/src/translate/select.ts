import { refusal } from "../errors.ts"
import type { Expression, Order, Select, SelectItem } from "../parse/syntax.ts"
import type { ResultColumn } from "../store/result.ts"
import type { Context } from "./context.ts"
import { condition, type Place, translate } from "./expression.ts"
import { translateFrom } from "./from.ts"
import type { Scope } from "./scope.ts"
import { type SqlExpression, sortKey, toNumeric } from "./sql-expression.ts"

/** A result column with its expression. */
type Output = SqlExpression & { name: string }

export interface SelectParts {
  sql: string
  columns: ResultColumn[]
  /** Translates an ORDER BY item of this SELECT. */
  order(item: Order): string
}

export function selectParts(select: Select, context: Context): SelectParts {
  const scope: Scope = []
  const place = (clause: string): Place => ({ context, scope, clause })
  const from = select.from === undefined ? "" : ` FROM ${translateFrom(select.from, place("on clause"))}`
  const outputs = select.items.flatMap(item => toOutputs(item, place("field list")))
  const byAlias = (name: string) => outputs.find(output => output.name.toLowerCase() === name.toLowerCase())

  const where = select.where === undefined ? "" : ` WHERE ${condition(select.where, place("where clause"))}`
  const groups = select.groupBy.map(item => {
    const grouped = { ...place("group statement"), byAlias }
    return (atPosition(item, outputs, "group statement") ?? translate(item, grouped)).sql
  })
  const group = groups.length === 0 ? "" : ` GROUP BY ${groups.join(", ")}`

  const cells = outputs.map(({ sql }, index) => `${sql} AS c${index + 1}`)
  return {
    sql: `SELECT ${select.distinct ? "DISTINCT " : ""}${cells.join(", ")}${from}${where}${group}`,
    columns: outputs.map(({ name, type }) => ({ name, type })),
    order({ expression, descending }) {
      const plain =
        expression.kind === "column" && expression.of === undefined ? byAlias(expression.name) : undefined
      const sorted = { ...place("order clause"), byAlias }
      return sortKey(
        atPosition(expression, outputs, "order clause") ?? plain ?? translate(expression, sorted),
        descending,
      )
    },
  }
}

/** `GROUP BY 1` means the first column of the select list. */
function atPosition(expression: Expression, outputs: Output[], clause: string): SqlExpression | undefined {
  if (expression.kind !== "number") return undefined
  const output = outputs[Number(expression.text) - 1]
  if (output === undefined) throw refusal(1054, expression.text, clause)
  return output
}

function toOutputs(item: SelectItem, place: Place): Output[] {
  if (item.kind === "one") return [{ ...toValue(translate(item.expression, place)), name: item.name }]
  const sources = item.of === undefined ? place.scope : place.scope.filter(({ alias }) => alias === item.of)
  if (item.of !== undefined && sources.length === 0) throw refusal(1109, item.of)
  if (sources.length === 0) throw refusal(1064, "SELECT * needs FROM")
  return sources.flatMap(source => source.columns)
}

/** A condition in the select list is the number 1 or 0. */
function toValue(value: SqlExpression): SqlExpression {
  return value.type.kind === "boolean" ? toNumeric(value) : value
}
