import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { Readable } from "node:stream"
import { gzipSync } from "node:zlib"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { createFolder } from "../testing/folder.ts"
import { readLines } from "./lines.ts"
import { isBroken, type ParsedRecord } from "./record.ts"
import { type InputOptions, readRecords } from "./records.ts"

/** The parsed records of a file with this content. */
async function readAll(
  content: string | Buffer,
  name: string,
  options: Partial<InputOptions> & { skip?: number } = {},
) {
  const path = join(createFolder(), name)
  writeFileSync(path, content)
  const { skip = 0, ...rest } = options
  const input = { mapping: new Map(), stdin: Readable.from([]), onRead() {}, ...rest }
  const found: [number, ParsedRecord][] = []
  for await (const records of readRecords({ path, size: 1 }, input, skip)) {
    for (const record of records) found.push([record.number, record.parse()])
  }
  return found
}

const codesOf = (found: [number, ParsedRecord][]) =>
  found.map(([number, parsed]) => [number, isBroken(parsed) ? parsed.code : parsed.event])

const lines = '{"a":1}\n\n  \n{"b":2}\r\n{"c":"é"}'
const expected = [
  [1, { a: 1 }],
  [4, { b: 2 }],
  [5, { c: "é" }],
]

// Node 20 cannot compress with zstd, so these are constants: a block that is stored, and one that is compressed.
const zstd = Buffer.from("KLUv/SAf+QAAeyJhIjoxfQoKICAKeyJiIjoyfQ0KeyJjIjoiw6kifQ==", "base64")
const manyLinesZstd = Buffer.from("KLUv/WBAm4UAAEB7ImEiOjF9CgEANZzphQs=", "base64")

describe("NDJSON", () => {
  test.each([
    ["plain text", "e.ndjson", lines],
    ["a byte order mark", "e.ndjson", `\uFEFF${lines}`],
    ["gzip", "e.gz", gzipSync(lines)],
    [
      "gzip in several members",
      "e.json.gz",
      Buffer.concat([gzipSync(lines.slice(0, 20)), gzipSync(lines.slice(20))]),
    ],
    ["zstd", "e.ndjson.zst", zstd],
    ["gzip without its extension", "e.ndjson", gzipSync(lines)],
  ])("Lines are read from %s, and blank lines are no records", async (_, name, content) => {
    expect(codesOf(await readAll(content, name))).toEqual(expected)
  })

  test("A line that is not an object is broken, and the lines after it are read", async () => {
    const found = await readAll('{"a":1}\n{"a":\n[1]\nnull\n"x"\n{"b":2}', "e.ndjson")
    expect(codesOf(found)).toEqual([
      [1, { a: 1 }],
      ...[2, 3, 4, 5].map(number => [number, "broken_record"]),
      [6, { b: 2 }],
    ])
    expect(found[1]?.[1]).toMatchObject({ text: '{"a":' })
  })

  test("A line in another encoding is broken, and U+FFFD in an event is not", async () => {
    const found = await readAll(Buffer.from('{"a":"\xe9"}\n{"b":2}\n', "latin1"), "e.ndjson")
    expect(codesOf(found)).toEqual([
      [1, "wrong_encoding"],
      [2, { b: 2 }],
    ])
    expect(codesOf(await readAll('{"a":"\uFFFD"}', "e.ndjson"))).toEqual([[1, { a: "\uFFFD" }]])
  })

  test("A UTF-16 file is one broken record", async () => {
    expect(codesOf(await readAll(Buffer.from('\uFEFF{"a":1}\n', "utf16le"), "e.ndjson"))).toEqual([
      [1, "wrong_encoding"],
    ])
  })

  test("A line of 50 MB is broken, and takes no memory", async () => {
    async function* chunks() {
      yield Buffer.from('{"a":1}\n{"a":"')
      const megabyte = Buffer.alloc(1024 * 1024, "x")
      for (let count = 0; count < 50; count++) yield megabyte
      yield Buffer.from('"}\n{"b":2}\n')
    }
    const found: [number, ParsedRecord][] = []
    const before = process.memoryUsage().arrayBuffers
    let peak = 0
    for await (const records of readLines(chunks())) {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)
      for (const record of records) found.push([record.number, record.parse()])
    }
    expect(codesOf(found)).toEqual([
      [1, { a: 1 }],
      [2, "line_too_long"],
      [3, { b: 2 }],
    ])
    expect(peak).toBeLessThan(25_000_000)
  })

  test("Lines are the same however the chunks divide them, and with any number of them skipped", async () => {
    const line = fc.oneof(
      fc
        .dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }))
        .map(value => JSON.stringify(value)),
      fc.constantFrom("", "  ", "{", "[]", '{"a":1}\r'),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(line),
        fc.array(fc.nat({ max: 40 })),
        fc.nat({ max: 5 }),
        async (all, sizes, skip) => {
          const content = Buffer.from(all.join("\n"))
          const cut = async (lengths: readonly number[]) => {
            const found: [number, ParsedRecord][] = []
            for await (const records of readLines(divide(content, lengths), skip)) {
              for (const record of records) found.push([record.number, record.parse()])
            }
            return found
          }
          const whole = await cut([content.length])
          expect(await cut(sizes)).toEqual(whole)
          expect(whole.map(([number]) => number)).toEqual(
            all.flatMap((text, index) => (text.trim() === "" || index < skip ? [] : [index + 1])),
          )
        },
      ),
    )
  })
})

async function* divide(content: Buffer, sizes: readonly number[]) {
  let start = 0
  for (const size of sizes) {
    if (size === 0 || start >= content.length) continue
    yield content.subarray(start, start + size)
    start += size
  }
  if (start < content.length) yield content.subarray(start)
}

describe("compressed files that are damaged", () => {
  const content = `${'{"a":1}\n'.repeat(5_000)}{"last":1}\n`
  const compressed = gzipSync(content)

  test.each([
    ["cut off", compressed.subarray(0, compressed.length - 12)],
    ["damaged", Buffer.concat([compressed.subarray(0, 60), Buffer.from("damage"), compressed.subarray(66)])],
  ])("A gzip file that is %s ends with a broken record, and what is before it is read", async (_, bytes) => {
    const found = codesOf(await readAll(Buffer.from(bytes), "e.gz"))
    expect(found.at(-1)?.[1]).toBe("truncated_file")
    expect(found.slice(0, -1).every(([, event]) => typeof event === "object")).toBe(true)
  })

  test("A large zstd file is read to its end", async () => {
    expect(await readAll(manyLinesZstd, "e.zst")).toHaveLength(5_000)
  })

  test("A zstd file that is cut off ends with a broken record", async () => {
    expect(codesOf(await readAll(zstd.subarray(0, 30), "e.zst")).at(-1)?.[1]).toBe("truncated_file")
  })
})

describe("JSON arrays", () => {
  test("The elements of an array are records, however it is indented", async () => {
    const content = JSON.stringify([{ a: 1 }, 5, { b: [{ c: "é" }] }], null, 2)
    expect(codesOf(await readAll(` \n${content}\n`, "e.json"))).toEqual([
      [1, { a: 1 }],
      [2, "broken_record"],
      [3, { b: [{ c: "é" }] }],
    ])
    expect(codesOf(await readAll(content, "e.json", { skip: 2 }))).toHaveLength(1)
  })

  test.each(['[{"a":1},{"b":', '[{"a":1},]', '[{"a":1} {"b":2}]', '[{"a":1}'])(
    "The elements before a syntax error are read: %s",
    async content => {
      const found = codesOf(await readAll(content, "e.json"))
      expect(found).toEqual([
        [1, { a: 1 }],
        [2, "broken_record"],
      ])
    },
  )

  test("An empty array has no records", async () => {
    expect(await readAll("[]", "e.json")).toEqual([])
  })
})

describe("CSV", () => {
  const header = "id,when,plan,properties\n"

  test("Columns fill the paths of the mapping, and otherwise the path that is their name", async () => {
    const mapping = new Map([
      ["id", "messageId"],
      ["when", "timestamp"],
      ["plan", "traits.plan"],
    ])
    const content = `${header}m1,2026-01-01,"pro, yearly","{""a"":1}"\nm2,,,\n`
    expect(codesOf(await readAll(`\uFEFF${content}`, "e.csv", { mapping }))).toEqual([
      [
        2,
        { messageId: "m1", timestamp: "2026-01-01", traits: { plan: "pro, yearly" }, properties: { a: 1 } },
      ],
      [3, { messageId: "m2" }],
    ])
    expect(codesOf(await readAll("id\tname\nm1\tx y\n", "e.tsv.gz"))).toEqual([
      [2, { id: "m1", name: "x y" }],
    ])
  })

  test("A row with too many cells or invalid JSON is broken, and the rows after it are read", async () => {
    const content = `${header}m1,2,3,4,5\nm2,2,3,{\nm3,2,"3"x,\nm4,,,\n`
    expect(codesOf(await readAll(content, "e.csv"))).toEqual([
      [2, "broken_record"],
      [3, "broken_record"],
      [4, { id: "m3", when: "2", plan: '"3"x' }],
      [5, { id: "m4" }],
    ])
  })

  test("A quote that is not closed is one broken record", async () => {
    const found = codesOf(await readAll(`${header}m1,,,\nm2,"x,,\nm3,,,\n`, "e.csv"))
    expect(found.map(([, event]) => event)).toEqual([{ id: "m1" }, "broken_record"])
  })

  test("Rows and errors keep their order, and any number of them can be skipped", async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => `m${index},,,${index % 7 === 0 ? "," : ""}`)
    const found = await readAll(header + rows.join("\n"), "e.csv", { skip: 1_000 })
    expect(found.map(([number]) => number)).toEqual(
      Array.from({ length: 2_001 }, (_, index) => index + 1_001),
    )
  })

  test("A column named __proto__ changes no prototype", async () => {
    const [found] = await readAll("__proto__.polluted,a\nyes,1\n", "e.csv")
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
    expect(found?.[1]).toMatchObject({ event: { a: "1" } })
  })
})

test("A file that cannot be opened is one broken record", async () => {
  const input = { mapping: new Map(), stdin: Readable.from([]), onRead() {} }
  const found: unknown[] = []
  for await (const records of readRecords({ path: createFolder(), size: 1 }, input)) {
    for (const record of records) found.push(record.parse())
  }
  expect(found).toEqual([
    { code: "unreadable_file", reason: "The file cannot be read any further (EISDIR)." },
  ])
})
