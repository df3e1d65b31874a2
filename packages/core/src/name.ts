/** A table or column name in back quotes, safe whatever it holds. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``
}

/** Column names that Segment's own destination writes without quotes, so they need none; two bytes a name are saved. */
const plainNames = new Set([
  ...["messageId", "timestamp", "type", "event", "name", "properties"],
  ...["userId", "anonymousId", "groupId", "traits", "context"],
])

/** A column's name as a statement has it. */
export function toColumnName(name: string): string {
  return plainNames.has(name) ? name : quoteName(name)
}
