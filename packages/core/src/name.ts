import { defaultColumns } from "./columns.ts"

/** A table or column name in back quotes, safe whatever it holds. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``
}

/** Segment's own destination writes these without quotes, so they need none, and each saves two bytes. */
const plainNames = new Set(defaultColumns.map(({ name }) => name))

/** A column's name as a statement has it. */
export function toColumnName(name: string): string {
  return plainNames.has(name) ? name : quoteName(name)
}
