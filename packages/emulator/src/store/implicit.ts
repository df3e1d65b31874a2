import type { Column } from "../parse/syntax.ts"
import { zeroDate, zeroTime } from "./time.ts"
import { type Kind, typeFacts } from "./type.ts"

const values: Partial<Record<Kind, string>> = {
  text: "",
  json: "null",
  date: zeroDate,
  datetime: zeroTime,
}

/** What MySQL stores in a NOT NULL column that nobody gave a value and no DEFAULT, as DuckDB's text of it. */
export function implicitValue({ type }: Column): string {
  return values[typeFacts[type.name].kind] ?? "0"
}
