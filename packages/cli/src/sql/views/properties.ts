import { quoteName } from "@singlesink/core"
import { quoteString } from "../literal.ts"
import { quoteText } from "../quote-text.ts"
import type { Property, PropertyType } from "./infer.ts"
import { createNames, toName } from "./names.ts"

/** Parts of the list of SELECT, and what a reader should know about them. */
export interface SelectList {
  readonly items: readonly string[]
  readonly notes: readonly string[]
}

/** A view with more columns than that is of no use, and a key that is an id makes as many. */
const mostProperties = 400

/** Booleans are 1 and 0, as everywhere in the engine. */
const functions: Readonly<Record<PropertyType, string>> = {
  text: "JSON_EXTRACT_STRING",
  bigint: "JSON_EXTRACT_BIGINT",
  boolean: "JSON_EXTRACT_BIGINT",
  double: "JSON_EXTRACT_DOUBLE",
  json: "JSON_EXTRACT_JSON",
}

/** A typed column for each property of a JSON column. @param taken the names of the other columns */
export function toSelectList(
  json: string,
  properties: readonly Property[],
  taken: readonly string[],
): SelectList {
  const notes: string[] = []
  const items: string[] = []
  const names = createNames(taken)
  // A name that needs no change belongs to the key that has it.
  const order = properties
    .slice(0, mostProperties)
    .sort((one, other) => Number(isChanged(one.key)) - Number(isChanged(other.key)))
  for (const { key, type, note } of order) {
    if (key.includes("\0")) {
      notes.push(`The property ${quoteText(key)} has no column: its key contains U+0000.`)
      continue
    }
    const wanted = toName(key, "property")
    const name = names.take(wanted)
    items.push(`${functions[type]}(${quoteName(json)}, ${quoteString(key)}) AS ${quoteName(name)}`)
    if (note !== undefined) notes.push(`${name}: ${note}.`)
    if (name !== wanted)
      notes.push(`${name}: the property ${quoteText(key)}, renamed because its name is taken or too long.`)
  }
  const rest = properties.length - mostProperties
  if (rest > 0) notes.push(`${rest} rarer properties have no column.`)
  return { items, notes }
}

const isChanged = (key: string) => toName(key, "") !== key
