import { type Typed, unknownMeaning } from "./typed.ts"

/** NULL sorts before everything in the engine, and DuckDB has to be told so. */
export function sortKey({ sql, type }: Typed, descending: boolean): string {
  if (type.kind === "json") throw unknownMeaning("an order of JSON values: take them as text with ::$")
  return `${sql} ${descending ? "DESC NULLS LAST" : "ASC NULLS FIRST"}`
}
