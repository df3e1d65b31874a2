import { createSink, createTableSql, type Outcome } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { startEmulator } from "@singlesink/emulator"
import { createRandom } from "@singlesink/fixtures"
import { expect, test } from "vitest"

type Random = ReturnType<typeof createRandom>

/** A value in every event that no error may contain. */
const secret = "hunter2"

const fail = () => {
  throw new Error(secret)
}

const cyclic = () => {
  const value: Record<string, unknown> = { secret }
  value.self = [value]
  return value
}

const nested = (levels: number) => {
  let value: unknown = secret
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { value }
  return value
}

/** Values that sinks have lost, changed, or stumbled over. */
const makers: readonly [(random: Random) => unknown, ...((random: Random) => unknown)[]] = [
  () => undefined,
  () => null,
  () => "",
  () => " \t\n",
  () => secret,
  () => "\ud800",
  () => `${secret}\udc00`,
  () => "\0",
  () => "'; DROP TABLE hostile; -- `\"\\",
  () => "😀".repeat(20_000),
  random => "x".repeat(random.below(70_000)),
  random => "x".repeat(random.chance(0.05) ? 1_100_000 : 10),
  () => 0,
  () => -0,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => 1e308,
  () => 2 ** 53 + 2,
  () => 12n,
  () => true,
  () => Symbol(secret),
  () => fail,
  () => new Date(Number.NaN),
  () => new Date(8.64e15),
  () => new Map([[secret, secret]]),
  () => new String(secret),
  () => [],
  () => [[[secret]], { secret }],
  () => ({}),
  () => ({ "": secret, "a.b": 1, "`": 2, constructor: 3, toString: 4 }),
  () => JSON.parse('{"__proto__":{"polluted":true}}'),
  cyclic,
  random => nested(random.below(2_000)),
  () => ({ toJSON: fail }),
  () => ({ toJSON: () => secret }),
  () => ({ toJSON: () => undefined }),
  () => Object.defineProperty({}, "value", { enumerable: true, get: fail }),
  () => new Proxy({}, { get: fail, ownKeys: fail }),
  () => Object.create(null),
  random => random.below(4_000_000_000),
  random => `20${random.below(99)}-${random.below(20)}-${random.below(40)}T${random.below(30)}:00:00Z`,
  random => random.hex(random.below(100)),
]

const fields: readonly [string, ...string[]] = [
  ...(["messageId", "timestamp", "type"] as const),
  ...["event", "name", "properties", "userId", "anonymousId", "groupId", "traits", "context"],
]

function toHostile(random: Random, messageId: string): unknown {
  if (random.chance(0.02)) return random.pick(makers)(random)
  const event: Record<string, unknown> = {
    messageId,
    type: "track",
    event: "Tested",
    timestamp: 1_795_327_990_764,
  }
  for (let count = 1 + random.below(3); count > 0; count--) {
    const field = random.pick(fields)
    const value = random.pick(makers)(random)
    if (random.chance(0.1))
      Object.defineProperty(event, field, {
        enumerable: true,
        configurable: true,
        get: random.chance(0.5) ? fail : () => value,
      })
    else Object.defineProperty(event, field, { enumerable: true, configurable: true, writable: true, value })
  }
  return event
}

test("Hostile events are stored or rejected with a reason, and their neighbours are stored", async () => {
  const count = Number(process.env.SINGLESINK_EVENTS ?? 2_000)
  const random = createRandom(Number(process.env.SINGLESINK_SEED ?? 5))
  await using emulator = await startEmulator({ username: "u", password: "p", databases: ["events"] })
  const api = createDataApi({ url: emulator.url, username: "u", password: "p", database: "events" })
  await api.exec(createTableSql({ table: "hostile" }))
  const sink = createSink({ transport: api, table: "hostile" })
  const codes = new Map<string, number>()
  let neighbours = 0

  for (let first = 0; first < count; first += 200) {
    const events = Array.from({ length: 400 }, (_, index) =>
      index % 2 === 0
        ? toHostile(random, `hostile ${first + index / 2}`)
        : {
            messageId: `good ${++neighbours}`,
            type: "track",
            event: "Tested",
            timestamp: "2026-11-26T10:00:00.000Z",
          },
    )
    const outcomes = await sink.writeBatch(events as object[])
    for (const [index, outcome] of outcomes.entries()) {
      if (index % 2 === 1) expect(outcome).toEqual({ status: "stored" })
      const code = toCode(outcome)
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
  }

  const { stored, rejected, failed, received, duplicates } = sink.stats()
  expect([...codes.keys()].filter(code => code.startsWith("failed"))).toEqual([])
  expect({ failed, received }).toEqual({ failed: 0, received: stored + rejected })
  const [row] = await api.query<{ n: number }>("SELECT COUNT(*) AS n FROM hostile")
  expect(row?.n).toBe(stored - duplicates)
  const [good] = await api.query<{ n: number }>(
    "SELECT COUNT(*) AS n FROM hostile WHERE messageId LIKE 'good %'",
  )
  expect(good?.n).toBe(neighbours)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  expect(rejected).toBeGreaterThan(count / 10)
  if (process.env.SINGLESINK_EVENTS !== undefined) console.log(sink.stats(), codes)
}, 600_000)

function toCode(outcome: Outcome): string {
  if (outcome.status === "stored") return "stored"
  expect(outcome.error.message).not.toContain(secret)
  return `${outcome.status} ${outcome.error.code}`
}
