import { quoteName } from "@singlesink/core"
import type { Layout } from "./layout.ts"

/** What a row needs in one column to fit the new table, as conditions. */
interface Check {
  readonly column: string
  readonly isValid: string
  readonly isInvalid: string
}

type CheckedColumns = Pick<Layout, "id" | "isIdLong" | "time" | "required">

/** @param prefix such as `o.` in a join */
export function toChecks({ id, isIdLong, time, required }: CheckedColumns, prefix = ""): Check[] {
  const name = (column: string) => prefix + quoteName(column)
  return [
    toIdCheck(id, name(id), isIdLong),
    // The zero value 0000-00-00 is not a time.
    ...(time === undefined ? [] : [toTimeCheck(time, name(time))]),
    ...required.map(column => ({
      column,
      isValid: `${name(column)} IS NOT NULL`,
      isInvalid: `${name(column)} IS NULL`,
    })),
  ]
}

function toIdCheck(column: string, name: string, isLong: boolean): Check {
  return {
    column,
    isValid: `${name} IS NOT NULL AND ${name} <> ''${isLong ? ` AND LENGTH(${name}) <= 65535` : ""}`,
    isInvalid: `${name} IS NULL OR ${name} = ''${isLong ? ` OR LENGTH(${name}) > 65535` : ""}`,
  }
}

function toTimeCheck(column: string, name: string): Check {
  return {
    column,
    isValid: `${name} >= '1000-01-01'`,
    isInvalid: `${name} IS NULL OR ${name} < '1000-01-01'`,
  }
}
