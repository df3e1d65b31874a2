import { isDeepStrictEqual } from "node:util"
import type { Lab } from "../lab.ts"
import { emulatorReadme, type Finding, type Question } from "../question.ts"
import { type RoundTrip, roundTrip } from "../round-trip.ts"

const valueSource = "packages/core/src/event/value.ts"

const createJsonTable = (lab: Lab) =>
  lab.createTable(table => `CREATE TABLE \`${table}\` (id TEXT NOT NULL, v JSON, SHARD KEY (id))`)

/** Whether the returned value is the same, in any key order. */
function isSame({ read }: RoundTrip, value: unknown): boolean {
  return read !== undefined && isDeepStrictEqual(JSON.parse(read), value)
}

const object = { b: 1, a: [{ d: null, c: "x" }] }
const list = [1, "two", { three: 3 }]

export const askJson: Question = {
  question: "Which arguments does a JSON column accept, and which values does it return?",
  async ask(lab) {
    const table = await createJsonTable(lab)
    const trip = (value: string) => roundTrip(lab, table, value)
    const digits = '{"n":9007199254740993}'

    const raw = await trip(JSON.stringify(object))
    const rawList = await trip(JSON.stringify(list))
    const asText = await trip(JSON.stringify(JSON.stringify(object)))
    const scalar = await trip(JSON.stringify('"just text"'))
    const bare = await trip('"just text"')
    const bareNumber = await trip("5")
    const rawDigits = await trip(digits)
    const textDigits = await trip(JSON.stringify(digits))

    const loses = (result: RoundTrip) =>
      result.read !== undefined && !result.read.includes("9007199254740993")
    return [
      {
        tried: "an object",
        answer: raw.shown,
        assumed: { says: "an object is stored unchanged", holds: isSame(raw, object), see: valueSource },
      },
      {
        tried: "its keys",
        answer: raw.read === undefined ? "not stored" : isSorted(raw.read) ? "sorted" : "not sorted",
        assumed: {
          says: "keys come back sorted",
          holds: raw.read !== undefined && isSorted(raw.read),
          see: emulatorReadme,
        },
      },
      {
        tried: "a list",
        answer: rawList.shown,
        assumed: { says: "a list is stored unchanged", holds: isSame(rawList, list), see: valueSource },
      },
      {
        tried: "the object as JSON text",
        answer: asText.shown,
        assumed: { says: "JSON text is parsed", holds: isSame(asText, object), see: valueSource },
      },
      {
        tried: "a string as JSON text",
        answer: scalar.shown,
        assumed: {
          says: "a scalar is stored from JSON text",
          holds: isSame(scalar, "just text"),
          see: valueSource,
        },
      },
      {
        tried: "a bare string",
        answer: bare.shown,
        assumed: {
          says: "a bare string is not accepted as JSON",
          holds: bare.read === undefined,
          see: valueSource,
        },
      },
      { tried: "a bare number", answer: bareNumber.shown },
      {
        tried: "9007199254740993 in an object",
        answer: rawDigits.shown,
        assumed: {
          says: "numbers over 2^53 in an object lose digits",
          holds: loses(rawDigits),
          see: emulatorReadme,
        },
      },
      {
        tried: "9007199254740993 in JSON text",
        answer: textDigits.shown,
        assumed: {
          says: "numbers over 2^53 in JSON text lose digits",
          holds: loses(textDigits),
          see: emulatorReadme,
        },
      },
    ]
  },
}

function isSorted(json: string): boolean {
  const keys = Object.keys(JSON.parse(json))
  return isDeepStrictEqual(keys, [...keys].sort())
}

export const askCharacters: Question = {
  question: "How are an emoji, U+0000 and half a surrogate pair stored in TEXT and in JSON?",
  async ask(lab) {
    const text = await lab.createTable(
      name => `CREATE TABLE \`${name}\` (id TEXT NOT NULL, v TEXT CHARACTER SET utf8mb4, SHARD KEY (id))`,
    )
    const json = await createJsonTable(lab)
    const findings: Finding[] = []
    for (const { name, sent, stored } of [
      { name: "an emoji", sent: "a😀b", stored: "a😀b" },
      { name: "U+0000", sent: "a\0b", stored: "a\0b" },
      { name: "half a surrogate pair", sent: "a\ud83db", stored: "a\ufffdb" },
    ]) {
      const says = sent === stored ? `${name} is kept` : `${name} becomes U+FFFD`
      const asText = await roundTrip(lab, text, JSON.stringify(sent))
      const asJson = await roundTrip(lab, json, JSON.stringify({ k: sent }))
      findings.push(
        {
          tried: `${name} in TEXT`,
          answer: asText.shown,
          assumed: { says: `${says} in TEXT`, holds: isSame(asText, stored), see: emulatorReadme },
        },
        {
          tried: `${name} in JSON`,
          answer: asJson.shown,
          assumed: { says: `${says} in JSON`, holds: isSame(asJson, { k: stored }), see: emulatorReadme },
        },
      )
    }
    return findings
  },
}
