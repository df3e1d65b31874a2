import { startEmulator } from "@singlesink/emulator"
import { describe, expect, test } from "vitest"
import { answer, compare, toAnswerLines } from "./answers.ts"
import { toShown } from "./lab.ts"
import type { Finding, Question } from "./question.ts"
import { isOlder } from "./server-kind.ts"

const real = { isEmulator: false, version: "9.0.23" }
const toAnswer = (...findings: Finding[]) => ({ question: "How?", findings, left: [] })
const finding = (holds: boolean, rest: object = {}): Finding => ({
  tried: "one",
  answer: "two",
  assumed: { says: "one is one", holds, see: "one.ts", ...rest },
})

describe("comparisons", () => {
  test.each([
    ["agrees with its assumption", finding(true), ["1. as assumed: one is one"], 0],
    [
      "differs, and names the file to change",
      finding(false),
      ["1. DIFFERENT: one is one; but the answer is two; see one.ts"],
      1,
    ],
    [
      "differs on a real server, even if the emulator does not implement it",
      finding(false, { beyondEmulator: true }),
      ["1. DIFFERENT: one is one; but the answer is two; see one.ts"],
      1,
    ],
    ["has no assumption", { tried: "one", answer: "two" }, ["1. nothing is assumed"], 0],
  ])("A comparison reports an answer that %s", (_, found, lines, differences) => {
    expect(compare(toAnswer(found), 1, real)).toEqual({ lines, differences })
  })

  test("A comparison ignores what the emulator answers beyond its features", () => {
    for (const holds of [true, false]) {
      const found = finding(holds, { beyondEmulator: true })
      expect(compare(toAnswer(found), 1, { ...real, isEmulator: true })).toEqual({
        lines: ["1. beyond the emulator: one is one"],
        differences: 0,
      })
    }
  })
})

describe("questions", () => {
  test("A question with an unexpected error reports it, and its tables are dropped", async () => {
    await using emulator = await startEmulator({ username: "u", password: "p", databases: ["mine"] })
    const server = { url: emulator.url, username: "u", password: "p", database: "mine" }
    const question: Question = {
      question: "How?",
      async ask(lab) {
        await lab.createTable(table => `CREATE TABLE ${table} (id TEXT)`)
        expect(await emulator.query("SHOW TABLES")).toHaveLength(1)
        throw new Error("Odd.")
      },
    }
    const given = await answer(question, server, real)
    expect(toAnswerLines(given, 7)).toEqual(["7. How?", "   no answer: Odd."])
    expect(compare(given, 7, real).differences).toBe(1)
    expect(await emulator.query("SHOW TABLES")).toEqual([])
  })

  test("A question that cannot clean up reports everything it leaves behind", async () => {
    await using emulator = await startEmulator({ username: "u", password: "p", databases: ["mine"] })
    const server = { url: emulator.url, username: "u", password: "p", database: "mine" }
    const given = await answer(
      {
        question: "How?",
        async ask(lab) {
          lab.later("DROP TABLE nope")
          return []
        },
      },
      server,
      real,
    )
    expect(toAnswerLines(given, 7)).toEqual([
      "7. How?",
      expect.stringMatching(/^ {3}left behind: DROP TABLE nope: 400, Error/),
    ])
    expect(compare(given, 7, real).differences).toBe(1)
  })
})

test("The table of a question is dropped even if the server is busy at first", async () => {
  await using emulator = await startEmulator({ username: "u", password: "p", databases: ["mine"] })
  const server = { url: emulator.url, username: "u", password: "p", database: "mine" }
  const question: Question = {
    question: "How?",
    async ask(lab) {
      await lab.createTable(table => `CREATE TABLE ${table} (id TEXT)`)
      await emulator.injectFault({ kind: "respond", status: 503, times: 2 })
      return []
    },
  }
  expect((await answer(question, server, real)).left).toEqual([])
  expect(await emulator.query("SHOW TABLES")).toEqual([])
})

test("A response is shown on one line, without the password and without server addresses", () => {
  const text = "Error 1045: Access denied for 'u'@'10.1.2.3', leaf 10.1.2.3:3306\nnot with hunter2"
  const server = { url: "", username: "u", password: "hunter2", database: "" }
  expect(toShown({ status: 401, text, headers: {}, milliseconds: 1 }, server)).toBe(
    "401, Error 1045: Access denied for 'u'@'…', leaf … not with …",
  )
})

test.each([
  ["8.5.21", true],
  ["8.5.22", false],
  ["8.10.1", false],
  ["9.0.23", false],
  ["7.8", true],
])("Version %s is older than 8.5.22: %s", (version, older) => {
  expect(isOlder(version, "8.5.22")).toBe(older)
})
