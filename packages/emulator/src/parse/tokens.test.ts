import { expect, test } from "vitest"
import { tokenize } from "./tokens.ts"

const texts = (sql: string) => tokenize(sql).map(({ kind, text }) => `${kind} ${text}`)

test.each([
  ["a.b", ["word a", "symbol .", "word b"]],
  ["`a``b` `select`", ["quoted a`b", "quoted select"]],
  ['\'it\'\'s\' "say ""no""" \'a"b\'', ["string it's", 'string say "no"', 'string a"b']],
  ["'\\n\\'\\\\\\%\\_\\q\\0'", ["string \n'\\\\%\\_q\0"]],
  ["1 2.5 .5 1e6 2.E-3", ["number 1", "number 2.5", "number .5", "number 1e6", "number 2.E-3"]],
  ["a::b::$c", ["word a", "symbol ::", "word b", "symbol ::$", "word c"]],
  ["a>b<>c!=d<=e", "word a,symbol >,word b,symbol <>,word c,symbol !=,word d,symbol <=,word e".split(",")],
  ["1 -- one\n# two\n/* three\n*/ 2--3", ["number 1", "number 2", "symbol -", "symbol -", "number 3"]],
  ["größe 漢字", ["word größe", "word 漢字"]],
  ["?,?", ["symbol ?", "symbol ,", "symbol ?"]],
  ["", []],
])("%s is split into tokens", (sql, expected) => {
  expect(texts(sql)).toEqual([...expected, "end "])
})

test("Every token has its position", () => {
  const sql = "SELECT `a``b` -- why\n + 'x'"
  const slices = tokenize(sql).map(({ start, end }) => sql.slice(start, end))
  expect(slices).toEqual(["SELECT", "`a``b`", "+", "'x'", ""])
})

test.each(["'open", "`open", "``", "1abc", "a @ b", "/*! hint */ 1", "/* open", "a || b", "\0"])(
  "The text %s is refused",
  sql => {
    expect(() => tokenize(sql)).toThrow(/^Error 1064 \(42000\)/)
  },
)

test("An error shows the text from the first unknown token on, and its line", () => {
  expect(() => tokenize("SELECT 1\n@ 2")).toThrow("near '@ 2' at line 2")
})
