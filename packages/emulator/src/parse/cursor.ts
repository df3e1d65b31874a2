import { type StatementError, syntaxError } from "../errors.ts"
import type { TableName } from "./syntax.ts"
import { type Token, tokenize } from "./tokens.ts"

/** Words that end an expression or a table. They are names only in backticks. */
const reserved = new Set(
  `ALL AND AS ASC BETWEEN BY CASE COLLATE CREATE CROSS DEFAULT DESC DISTINCT DIV DROP ELSE EXCEPT EXISTS FALSE FOR
  FORCE FROM FULL GROUP HAVING IGNORE IN INDEX INNER INSERT INTERSECT INTERVAL INTO IS JOIN KEY LEFT LIKE LIMIT MOD
  NATURAL NOT NULL ON OR ORDER OUTER PRIMARY REGEXP RIGHT RLIKE SELECT SET STRAIGHT_JOIN TABLE THEN TRUE UNION UNIQUE
  UPDATE USE USING VALUES WHEN WHERE WINDOW WITH XOR`.split(/\s+/),
)

/** A position in the tokens of one statement. Keywords match in any case. */
export interface Cursor {
  readonly sql: string
  /** The number of `?` in the statement. */
  readonly placeholders: number
  peek(ahead?: number): Token
  next(): Token
  /** Whether these keywords and symbols come next. */
  sees(...keys: string[]): boolean
  /** Takes these keywords and symbols if all of them come next. */
  take(...keys: string[]): boolean
  /** Takes these keywords and symbols, or refuses the statement. */
  expect(...keys: string[]): void
  /** The number of this `?`, from 0, or undefined if another token comes next. */
  takePlaceholder(): number | undefined
  takeString(): string | undefined
  takeName(): string | undefined
  name(): string
  tableName(): TableName
  integer(): number
  /** Reads one item or more, separated by commas. */
  list<Item>(item: () => Item): Item[]
  /** The source text from this token to the last token taken. */
  textFrom(first: Token): string
  /** The syntax error at the next token. */
  unexpected(why?: string): StatementError
}

export function createCursor(sql: string): Cursor {
  const tokens = tokenize(sql)
  let at = 0
  let placeholder = 0

  const peek = (ahead = 0) => tokens[Math.min(at + ahead, tokens.length - 1)] as Token
  const next = () => {
    const token = peek()
    at += 1
    return token
  }
  const unexpected = (why?: string) => syntaxError(sql, peek().start, why)
  const sees = (...keys: string[]) => keys.every((key, index) => peek(index).key === key)
  const take = (...keys: string[]) => {
    if (!sees(...keys)) return false
    at += keys.length
    return true
  }
  const expect = (...keys: string[]) => {
    for (const key of keys) if (!take(key)) throw unexpected()
  }
  const takeName = () => {
    const { kind, key } = peek()
    return kind === "quoted" || (kind === "word" && !reserved.has(key)) ? next().text : undefined
  }
  const name = () => {
    const found = takeName()
    if (found === undefined) throw unexpected()
    return found
  }

  return {
    sql,
    placeholders: tokens.reduce((count, token) => count + (token.key === "?" ? 1 : 0), 0),
    peek,
    next,
    sees,
    take,
    expect,
    takePlaceholder: () => (take("?") ? placeholder++ : undefined),
    takeString: () => (peek().kind === "string" ? next().text : undefined),
    takeName,
    name,
    tableName() {
      const first = name()
      return take(".") ? { database: first, name: name() } : { name: first }
    },
    integer() {
      const { kind, text } = peek()
      if (kind !== "number" || !/^\d{1,15}$/.test(text)) throw unexpected()
      return Number(next().text)
    },
    list(item) {
      const items = [item()]
      while (take(",")) items.push(item())
      return items
    },
    textFrom: first => sql.slice(first.start, tokens[at - 1]?.end),
    unexpected,
  }
}
