import { gzipSync } from "node:zlib"
import type { Random } from "@singlesink/fixtures"

/** What a hostile client sends on one connection. */
export interface HostileRequest {
  readonly kind: string
  readonly bytes: Buffer
  /** What the client does then: wait for the end, close its half, or break the connection. */
  readonly ending: "wait" | "half_close" | "break"
}

type Choices<Item> = readonly [Item, ...Item[]]

const paths: Choices<string> = [
  "/v1/track",
  "/v1/batch",
  "/webhook",
  "/v1/t",
  "/api/s/track",
  "/live/session",
  "/beacon/v1/batch",
]
const event = '{"messageId":"h1","event":"Hostile","userId":"u1"}'

/** A request with a body of the right length. */
function post(path: string, body: Buffer | string, headers: readonly string[] = []): Buffer {
  const content = Buffer.from(body)
  const lines = [`POST ${path} HTTP/1.1`, "Host: x", `Content-Length: ${content.length}`, ...headers, "", ""]
  return Buffer.concat([Buffer.from(lines.join("\r\n"), "latin1"), content])
}

const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`
const bomb = gzipSync(Buffer.alloc(50_000_000))
const truncated = gzipSync(Buffer.from(event.repeat(100))).subarray(0, -12)

/** Bodies that are valid HTTP, and bad or strange JSON. */
const bodies: Choices<(random: Random) => Buffer | string> = [
  () => deep(50_000),
  () => `{"a":${deep(5_000)},"messageId":"h2"}`,
  () => `{"batch":${deep(3_000)}}`,
  random =>
    `[${Array(1 + random.below(5_000))
      .fill("1")
      .join()}]`,
  random =>
    `{"batch":[${Array(1 + random.below(2_000))
      .fill("{}")
      .join()}]}`,
  () => '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}},"messageId":"h3"}',
  () => '{"messageId":{"toString":1},"type":{"__proto__":null},"timestamp":{"valueOf":2}}',
  () => '{"messageId":"\\ud800","event":"\\udfff","userId":1e400}',
  () => `{"messageId":"h4","properties":{"n":${"9".repeat(10_000)}}}`,
  () => `{"messageId":"${"x".repeat(100_000)}"}`,
  () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(event)]),
  () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  () => Buffer.from(event, "utf16le"),
  random => Buffer.from(random.hex(1 + random.below(2_000)), "hex"),
  random => event.slice(0, random.below(event.length)),
  () => "null",
  () => '"text"',
  () => "",
  () => "{}{}",
  () => "NaN",
]

const headers: Choices<(random: Random) => string[]> = [
  () => [],
  () => ["Content-Type: application/json"],
  () => ["Content-Type: text/html; charset=utf-16"],
  () => ["Content-Type: multipart/form-data; boundary=----x"],
  () => ["Content-Type: \u00ff\u00fe"],
  () => ["Content-Encoding: gzip"],
  () => ["Content-Encoding: zstd"],
  () => ["Content-Encoding: gzip, gzip, gzip"],
  () => ["Content-Encoding: constructor"],
  () => ["Authorization: Basic ////"],
  () => ["Authorization: Basic"],
  random => [`Authorization: Bearer ${random.hex(4_000)}`],
  () => ["X-Signature: 00", "X-Segment-Signature: __proto__"],
  () => ["Cookie: singlesink_live=__proto__; singlesink_live=x"],
  () => ["X-Forwarded-For: 1.1.1.1, ::ffff:0.0.0.0, x".repeat(20)],
  () => ["Expect: 100-continue"],
  () => ["Expect: tea"],
  () => ["Connection: upgrade", "Upgrade: websocket"],
  random => Array.from({ length: random.below(300) }, (_, index) => `X-${index}: ${random.hex(8)}`),
]

const targets: Choices<string> = [
  "/../../etc/passwd",
  "/live/../../../etc/passwd",
  "/live/%2e%2e/%2e%2e/package.json",
  "/live/..%5c..%5cpackage.json",
  "//v1//track",
  "/v1/%74rack",
  "/v1/track%00",
  "/%",
  "/%ff%fe",
  "/live/events/__proto__",
  "/live/events/1e999",
  "/metrics?writeKey=__proto__",
  "/v1/track?writeKey[]=1&writeKey[constructor]=2",
  "*",
  "http://x:99999/v1/track",
  `/${"a".repeat(15_000)}`,
]

const badLengths: Choices<string> = ["-1", "1e3", "99999999999", "0x10", " "]

const methods: Choices<string> = [
  "GET",
  "HEAD",
  "OPTIONS",
  "PUT",
  "PATCH",
  "DELETE",
  "TRACE",
  "CONNECT",
  "PROPFIND",
  "post",
  "P OST",
]

const text = (lines: readonly string[]) => Buffer.from(lines.join("\r\n"), "latin1")

type Maker = (random: Random, headersOf: () => string[]) => Buffer

const makers: Readonly<Record<string, Maker>> = {
  "random bytes": random => Buffer.from(random.hex(1 + random.below(3_000)), "hex"),
  "a body": (random, headersOf) => post(random.pick(paths), random.pick(bodies)(random), headersOf()),
  "a path": (random, headersOf) =>
    text([`${random.pick(methods)} ${random.pick(targets)} HTTP/1.1`, "Host: x", ...headersOf(), "", ""]),
  "a gzip bomb": random => post(random.pick(paths), bomb, ["Content-Encoding: gzip"]),
  "truncated gzip": random => post(random.pick(paths), truncated, ["Content-Encoding: gzip"]),
  "a header of 20 KB": random => post("/v1/track", event, [`X-Long: ${random.hex(10_000)}`]),
  "two lengths": () =>
    text(["POST /v1/track HTTP/1.1", "Host: x", "Content-Length: 2", "Content-Length: 3", "", "{}"]),
  "a length and chunks": () =>
    text([
      "POST /v1/track HTTP/1.1",
      "Host: x",
      "Content-Length: 2",
      "Transfer-Encoding: chunked",
      "",
      "0",
      "",
      "",
    ]),
  "a bad length": random =>
    text(["POST /v1/track HTTP/1.1", "Host: x", `Content-Length: ${random.pick(badLengths)}`, "", "{}"]),
  "bad chunks": () =>
    text(["POST /v1/track HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", "", "zz", "{}", "0", "", ""]),
  "a short length": () =>
    text(["POST /v1/track HTTP/1.1", "Host: x", "Content-Length: 2", "", "{}GET / HTTP/9.9", "", ""]),
  "an old version": () => text(["GET /health HTTP/0.9", "", ""]),
  "no host": () => text(["GET /health HTTP/1.1", "", ""]),
  "a folded header": () => text(["GET /health HTTP/1.1", "Host: x", "X-A: 1", "  folded", "", ""]),
  "a NUL in a header": () => text(["GET /health HTTP/1.1", "Host: x", "X-A: \0", "", ""]),
  pipelining: random => Buffer.concat(Array(1 + random.below(20)).fill(post("/v1/track", event))),
}

const kinds = Object.entries(makers) as unknown as Choices<[kind: string, make: Maker]>

/** Clients that never finish cost seconds each, so they are few. */
const shareOfSilent = 0.003

/** @param writeKey half of the requests have it */
export function createHostileRequest(random: Random, writeKey: string): HostileRequest {
  const [kind, make] = random.pick(kinds)
  const headersOf = () => [
    ...random.pick(headers)(random),
    ...(random.chance(0.5) ? [`X-Write-Key: ${writeKey}`] : []),
  ]
  const bytes = make(random, headersOf)
  if (random.chance(shareOfSilent)) {
    return {
      kind: "a client that stops",
      bytes: bytes.subarray(0, random.below(bytes.length)),
      ending: "wait",
    }
  }
  if (random.chance(0.1)) {
    const cut = bytes.subarray(0, random.below(bytes.length + 1))
    return { kind: "a broken connection", bytes: cut, ending: "break" }
  }
  return { kind, bytes, ending: "half_close" }
}
