import { syntaxError } from "../errors.ts"

export interface Token {
  kind: "word" | "quoted" | "string" | "number" | "symbol" | "variable" | "end"
  /** The name, the string's value, the number as written, the symbol, or the variable without its `@@`. */
  text: string
  /** The keyword in upper case, or the symbol. Empty for quoted names, strings and numbers. */
  key: string
  start: number
  end: number
}

/** The kinds in the order of their trial. A group is the text of a token without its marks. */
const patterns: [kind: Token["kind"] | "blank", pattern: RegExp][] = [
  ["blank", /(?:\s+|--(?=\s|$)[^\n]*|#[^\n]*|\/\*(?!!)[\s\S]*?\*\/)+/y],
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w$\u0080-\uffff])/y],
  ["symbol", /::\$|::%|::|<>|!=|<=|>=|\/(?!\*)|[?(),.;=<>+\-*%]/y],
  ["word", /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ["quoted", /`((?:[^`\0]|``)+)`/y],
  ["variable", /@@(?:(?:global|session)\.)?([A-Za-z_]\w*)/iy],
  ["string", /'((?:[^'\\]|''|\\[\s\S])*)'/y],
  ["string", /"((?:[^"\\]|""|\\[\s\S])*)"/y],
]

/** Splits a statement into tokens. The last token has the kind "end". */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  let start = 0
  while (start < sql.length) {
    const [kind, match] = matchAt(sql, start)
    const end = start + match[0].length
    const text = toText(kind, match)
    const key = kind === "word" ? text.toUpperCase() : kind === "symbol" ? text : ""
    if (kind !== "blank") tokens.push({ kind, text, key, start, end })
    start = end
  }
  tokens.push({ kind: "end", text: "", key: "", start, end: start })
  return tokens
}

function matchAt(sql: string, start: number): [Token["kind"] | "blank", RegExpExecArray] {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start
    const match = pattern.exec(sql)
    if (match !== null) return [kind, match]
  }
  throw syntaxError(sql, start)
}

const escapes: Record<string, string> = { "0": "\0", b: "\b", n: "\n", r: "\r", t: "\t", Z: "\x1a" }

function toText(kind: string, [whole, text = whole]: RegExpExecArray): string {
  if (kind === "quoted") return text.replaceAll("``", "`")
  if (kind !== "string") return text
  const quote = whole.charAt(0)
  return text.replace(/\\([\s\S])|''|""/g, (pair: string, escaped: string | undefined) => {
    if (escaped === undefined) return pair.startsWith(quote) ? quote : pair
    // `\%` and `\_` keep their backslash, because only LIKE reads them.
    if (escaped === "%" || escaped === "_") return pair
    return escapes[escaped] ?? escaped
  })
}
