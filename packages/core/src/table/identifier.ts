/**
 * A table, column or database name in back quotes, safe for any characters.
 *
 * @example
 * quoteName("page views") // "`page views`"
 */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``
}
