import { describe, expect, test } from "vitest"
import { findNamed, toNames } from "./named.ts"

const bodyOf = (sql: string, args: unknown[] = []) => JSON.stringify({ sql, database: "events", args })

describe("toNames", () => {
  test("toNames returns the database and the quoted names of the statement, with and without the database", () => {
    const names = toNames(bodyOf("INSERT INTO `t` (`id`) VALUES (?)"), "events")
    expect(names).toEqual(new Set(["events", "t", "id", "events.t", "events.id"]))
  })

  test("toNames unescapes a doubled back quote in a name", () => {
    expect(toNames(bodyOf("SELECT `odd``key` FROM t"), "events")).toContain("odd`key")
  })

  test("toNames ignores back quotes in the arguments", () => {
    const args = ["`secret`", { text: "`secret`", database: "other" }]
    expect(toNames(bodyOf("SELECT ?, ?", args), "events")).toEqual(new Set(["events"]))
  })

  test("toNames returns only the database if there is no body", () => {
    expect(toNames(undefined, "events")).toEqual(new Set(["events"]))
  })
})

describe("findNamed", () => {
  const names = new Set(["events", "t", "events.t", "id", "timestamp"])

  test.each<[string, string | undefined, string | undefined]>([
    ["Unknown column 'id' in 'field list'", "id", undefined],
    ["Field 'id' doesn't have a default value", "id", undefined],
    ["Table 'events.t' doesn't exist", undefined, "t"],
    ["TABLE 't' is full", undefined, "t"],
    ["Column 'id' of table 'events.t' cannot be null", "id", "t"],
    ["Unknown column 'secret' in 'field list'", undefined, undefined],
    ["Table 'other.t' doesn't exist", undefined, undefined],
    ["Subtable 't' is full", undefined, undefined],
    ["Deadlock found", undefined, undefined],
  ])("The text %j names the column %s and the table %s", (text, column, table) => {
    expect(findNamed(text, names, "events")).toEqual({ column, table })
  })

  test("The last column in a message counts, because a value before it can contain the words of an error", () => {
    const text = "Incorrect datetime value: 'for column 'id'' for column 'timestamp' at row 1"
    expect(findNamed(text, names, "events").column).toBe("timestamp")
  })

  test("A column in a value does not count if the statement does not contain its name", () => {
    const text = "Incorrect value for column 'id': 'column 'alice''"
    expect(findNamed(text, names, "events").column).toBe("id")
  })
})
