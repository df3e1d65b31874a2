import { describe, expect, test } from "vitest"
import { type RedactOptions, redact } from "./redact.ts"

function redactWith(text: string, options: Partial<RedactOptions> = {}): string {
  return redact(text, { secrets: [], names: new Set(), quotesNames: false, isTruncated: false, ...options })
}

describe("secrets", () => {
  test("A secret of four or more characters is removed even inside a word", () => {
    const shown = redactWith("saw xpasswordx and passes", { secrets: ["password", "pass"] })
    expect(shown).toBe("saw x…x and …es")
  })

  test("A secret of fewer than four characters is removed only as a whole word", () => {
    expect(redactWith("ab cab ab_ äab (ab)", { secrets: ["ab"] })).toBe("… cab ab_ äab (…)")
  })

  test("A short secret is not interpreted as a regular expression", () => {
    expect(redactWith("a.b axb", { secrets: ["a.b"] })).toBe("… axb")
  })

  test("A truncated message loses as many characters at its end as the longest secret has", () => {
    const options = { secrets: ["longest", "short"], isTruncated: true }
    expect(redactWith("the token is longes", options)).toBe("the token is")
    expect(redactWith("longes", options)).toBe("")
  })
})

describe("quotes", () => {
  const names = new Set(["events.t", "id"])

  test.each([
    ["near 'alice' at line 1", "near …"],
    ['near "alice" at line 1', "near …"],
    ["near “alice” at line 1", "near …"],
    ["near 'alice", "near …"],
    ["Table 'events.t' doesn't exist", "Table 'events.t' doesn't exist"],
    ["Column 'id' has the value 'alice' at row 1", "Column 'id' has the value …"],
    ["Value 'alice' for column 'id'", "Value …"],
    ["User 'sink'@'host' is denied", "User …"],
  ])("Without quotesNames the text %j is shown as %j", (text, shown) => {
    expect(redactWith(text, { names })).toBe(shown)
  })

  test.each([
    ["Unknown column 'a' in 'field list'", "Unknown column 'a' in 'field list'"],
    ["Unknown column 'a' in 'alice'", "Unknown column 'a' in …"],
    ["User 'sink'@'host' is denied", "User 'sink'@… is denied"],
  ])("With quotesNames the text %j is shown as %j", (text, shown) => {
    expect(redactWith(text, { quotesNames: true })).toBe(shown)
  })
})

test.each([
  ["lost connection to 10.1.2.3:3306 now", "lost connection to … now"],
  ["Leaf Error (leaf-3.internal:3306)", "Leaf Error (…)"],
  ["lookup leaf-3 failed", "lookup … failed"],
  ["cannot reach [fd00::1]:3306 now", "cannot reach … now"],
  ["syntax error at line 3, column 12", "syntax error at line 3, column 12"],
])("The text %j is shown as %j, without the address of a server", (text, shown) => {
  expect(redactWith(text)).toBe(shown)
})

test("A message is shown on one line", () => {
  expect(redactWith("first\r\n\tsecond")).toBe("first second")
})

test("A message of more than 300 characters is shortened to 300 and an ellipsis", () => {
  expect(redactWith("x".repeat(300))).toBe("x".repeat(300))
  expect(redactWith("x".repeat(301))).toBe(`${"x".repeat(300)}…`)
})
