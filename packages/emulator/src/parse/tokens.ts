import { syntaxError } from "../errors.ts"

export interface Token {
  kind: "word" | "quoted" | "string" | "number" | "symbol" | "variable" | "end"
  /** The name, the string's value, the number as written, the symbol, or the variable without its `@@`. */
  text: string
  /** What keywords and symbols are compared by: upper case for bare words, empty for names, strings and numbers. */
  key: string
  start: number
  end: number
}

const blank = /(?:\s+|--(?=\s|$)[^\n]*|#[^\n]*|\/\*(?!!)[\s\S]*?\*\/)+/y
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w$\u0080-\uffff])/y
const symbol = /::\$|::%|::|<=>|<>|!=|<=|>=|\/(?!\*)|[?(),.;=<>+\-*%]/y
const variable = /@@(?:(?:global|session)\.)?([A-Za-z_]\w*)/iy
const quoted = /`((?:[^`\0]|``)+)`/y
const string = /'((?:[^'\\]|''|\\[\s\S])*)'|"((?:[^"\\]|""|\\[\s\S])*)"/y

/** Cuts a statement into tokens; the last one is always of kind "end". */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < sql.length) {
    at += match(blank, sql, at)?.[0].length ?? 0
    if (at >= sql.length) break
    const token = tokenAt(sql, at)
    if (token === undefined) throw syntaxError(sql, at)
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: "end", text: "", key: "", start: sql.length, end: sql.length })
  return tokens
}

function tokenAt(sql: string, start: number): Token | undefined {
  const found =
    read("number", number, sql, start) ??
    read("symbol", symbol, sql, start, text => text) ??
    read("word", word, sql, start, text => text.toUpperCase())
  if (found !== undefined) return found
  const name = match(quoted, sql, start)
  if (name !== undefined) {
    const text = (name[1] ?? "").replaceAll("``", "`")
    return { kind: "quoted", text, key: "", start, end: start + name[0].length }
  }
  const system = match(variable, sql, start)
  if (system !== undefined) {
    return { kind: "variable", text: system[1] ?? "", key: "", start, end: start + system[0].length }
  }
  const literal = match(string, sql, start)
  if (literal === undefined) return undefined
  const quote = literal[1] === undefined ? '"' : "'"
  const text = readEscapes(literal[1] ?? literal[2] ?? "", quote)
  return { kind: "string", text, key: "", start, end: start + literal[0].length }
}

function read(
  kind: Token["kind"],
  pattern: RegExp,
  sql: string,
  start: number,
  toKey: (text: string) => string = () => "",
): Token | undefined {
  const text = match(pattern, sql, start)?.[0]
  if (text === undefined) return undefined
  return { kind, text, key: toKey(text), start, end: start + text.length }
}

function match(pattern: RegExp, sql: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(sql) ?? undefined
}

const escapes: Record<string, string> = { "0": "\0", b: "\b", n: "\n", r: "\r", t: "\t", Z: "\x1a" }

function readEscapes(body: string, quote: string): string {
  if (!body.includes("\\") && !body.includes(quote)) return body
  return body.replace(/\\([\s\S])|''|""/g, (pair: string, escaped: string | undefined) => {
    if (escaped === undefined) return pair[0] === quote ? quote : pair
    // `\%` and `\_` keep their backslash: they mean something to LIKE only.
    if (escaped === "%" || escaped === "_") return pair
    return escapes[escaped] ?? escaped
  })
}
