/** MySQL clients accept names up to this length. */
export const maxNameLength = 64

/** What cannot be in a name without surprises: anything but letters, marks, digits and underscores of the BMP. */
const unusual = /(?:[^\p{L}\p{M}\p{N}_]|[\u{10000}-\u{10ffff}])+/gu

/**
 * A name for a column: `first name` becomes first_name. Letters of every script stay as they are.
 *
 * @param fallback if nothing remains
 */
export function toName(text: string, fallback: string): string {
  const name = text.normalize("NFC").replace(unusual, " ").trim().replaceAll(" ", "_")
  return name === "" ? fallback : name
}

/** A name for a view in snake case: `Signed Up` and `signedUp` become signed_up. */
export function toSnakeCase(text: string, fallback: string): string {
  return toName(text, fallback)
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1_$2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1_$2")
    .toLowerCase()
    .normalize("NFC")
}

/** Names that differ from each other even if the server ignores case and accents. */
export interface Names {
  has(name: string): boolean
  /** The name if it is free, otherwise with a number: plan_2. */
  take(name: string): string
}

export function createNames(taken: Iterable<string>): Names {
  const folded = new Set([...taken].map(fold))
  const has = (name: string) => folded.has(fold(name))
  return {
    has,
    take(wanted) {
      let name = cut(wanted, "")
      for (let number = 2; has(name); number++) name = cut(wanted, `_${number}`)
      folded.add(fold(name))
      return name
    },
  }
}

const cut = (name: string, suffix: string) => name.slice(0, maxNameLength - suffix.length) + suffix

/** What a server compares that ignores case and accents. */
export function fold(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "").toUpperCase().toLowerCase()
}
