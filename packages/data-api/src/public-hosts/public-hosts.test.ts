import dns from "node:dns/promises"
import { isIP } from "node:net"
import { createRandom } from "@singlesink/fixtures"
import ipaddr from "ipaddr.js"
import { afterEach, expect, test, vi } from "vitest"
import { isPublicAddress, lookupPublicHost } from "./public-hosts.ts"

afterEach(() => void vi.restoreAllMocks())

test.each([
  ...["127.0.0.1", "10.1.2.3", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"],
  ...["255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1"],
  ...["::1", "::", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1"],
  // IPv6 addresses that embed a private or any other IPv4 address.
  ...[
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "::10.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
  ],
  ...["2002:a00:1::", "2001:0:4136:e378:8000:63bf:f5ff:fffe", "::ffff:8.8.8.8"],
  ...["", "localhost", "10.0.0.1.", "8.8.8.8:443"],
])("The address %j is not public", address => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1111", "2a00:1450::1"])(
  "The address %j is public",
  address => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

/** The hostname of a host setting, or undefined if the URL parser rejects it. */
function hostnameOf(host: string): string | undefined {
  try {
    return new URL(`https://${host}/api/v2/exec`).hostname
  } catch {
    return undefined
  }
}

const refused = { name: "ConfigError", code: "private_host" }

test.each([
  ...[
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
  ],
  ...[
    "0x7F.0x0.0x0.0x1",
    "127.0.0.0x1",
    "１２７.0.0.1",
    "127。0。0。1",
    "127.0.0.1:443",
    "127.0.0.1/path",
    "user@127.0.0.1",
  ],
  ...["user:password@127.0.0.1", "%31%32%37.0.0.1", "①②⑦.⓪.⓪.①", "127.0.0.1\t", "12\n7.0.0.1", "\\127.0.0.1"],
  ...[
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
  ],
  ...["0", "0.0.0.0", "169.254.169.254", "2852039166", "0xA9FEA9FE", "[fe80::1]", "[fd00:ec2::254]"],
])("The host %j does not reach a private address", async host => {
  const hostname = hostnameOf(host)
  if (hostname === undefined) return
  await expect(lookupPublicHost(hostname)).rejects.toMatchObject(refused)
})

test.each(["localhost", "LOCALHOST.", "ｌｏｃａｌｈｏｓｔ"])(
  "The name %j does not reach a private address",
  async host => {
    // The resolver of the machine may not know the name with a dot at its end.
    const error = await lookupPublicHost(hostnameOf(host) ?? "").catch(error => error)
    expect(error.code).toMatch(/^(private_host|connection_failed)$/)
  },
)

test("A name with a private address among public ones is refused", async () => {
  const addresses = [
    { address: "8.8.8.8", family: 4 },
    { address: "::ffff:10.0.0.1", family: 6 },
  ]
  vi.spyOn(dns, "lookup").mockResolvedValue(addresses as never)
  await expect(lookupPublicHost("db.example.com")).rejects.toMatchObject(refused)
})

test.each<[string, () => unknown]>([
  ["an error", () => Promise.reject(Object.assign(new Error("no"), { code: "EAI_AGAIN" }))],
  ["an empty list", () => Promise.resolve([])],
])("A name whose lookup ends with %s is a failure that can be retried", async (_, lookup) => {
  vi.spyOn(dns, "lookup").mockImplementation(lookup as never)
  const error = { name: "DeliveryError", code: "connection_failed", ambiguous: false }
  await expect(lookupPublicHost("db.example.com")).rejects.toMatchObject(error)
})

test("No random spelling of an address is public if the address is not", () => {
  const count = Number(process.env.SINGLESINK_HOSTS ?? 20_000)
  const random = createRandom(Number(process.env.SINGLESINK_SEED ?? 11))
  const found = { public: 0, refused: 0, names: 0 }
  for (let run = 0; run < count; run++) {
    const { host, address } = spell(random)
    const hostname = hostnameOf(host)
    const literal = hostname?.replace(/^\[(.*)\]$/, "$1")
    if (literal === undefined) found.refused++
    else if (isIP(literal) === 0) found.names++
    else {
      const isPublic = isPublicAddress(literal)
      found[isPublic ? "public" : "refused"]++
      // What the oracle knows comes from the number and not from its spelling.
      if (isPublic && ipaddr.parse(address).range() !== "unicast")
        throw new Error(`${host} is ${literal}, which is taken for public`)
    }
  }
  expect(found.public).toBeGreaterThan(count / 20)
  expect(found.refused).toBeGreaterThan(count / 5)
})

type Random = ReturnType<typeof createRandom>

/** Networks that a random address would hit too rarely. */
const interesting = [
  0x0a000001, 0x7f000001, 0xa9fea9fe, 0xc0a80001, 0xac100001, 0x64400001, 0, 0xe0000001, 0x08080808,
]

/** An address, and a host setting that means it or is invalid. */
function spell(random: Random): { host: string; address: string } {
  const value = random.chance(0.5)
    ? random.pick(interesting as [number, ...number[]])
    : random.below(65_536) * 65_536 + random.below(65_536)
  const bytes = [24, 16, 8, 0].map(shift => (value / 2 ** shift) & 255)
  const dotted = bytes.join(".")
  if (random.chance(0.25))
    return { host: disguise(`[${embed(random, value, dotted)}]`, random), address: dotted }
  return { host: disguise(spell4(random, value, bytes), random), address: dotted }
}

/** IPv6 addresses that embed an IPv4 address reach it, or nothing. */
function embed(random: Random, value: number, dotted: string): string {
  const hex = `${Math.floor(value / 65_536).toString(16)}:${(value % 65_536).toString(16)}`
  return random.pick([
    ...[`::ffff:${dotted}`, `::ffff:${hex}`, `::${dotted}`, `::ffff:0:${dotted}`, `64:ff9b::${dotted}`],
    ...[
      `64:ff9b::${hex}`,
      `2002:${hex}::1`,
      `2001:0:0:0:0:0:${hex}`,
      `fe80::${hex}%25eth0`,
      `::FFFF:${hex.toUpperCase()}`,
    ],
  ] as [string, ...string[]])
}

function spell4(random: Random, value: number, bytes: number[]): string {
  const digits = (part: number) =>
    random.pick([
      String(part),
      `0x${part.toString(16)}`,
      `0${part.toString(8)}`,
      `0X${part.toString(16).toUpperCase()}`,
    ])
  const parts = random.pick([
    bytes,
    [...bytes.slice(0, 2), value % 65_536],
    [bytes[0] ?? 0, value % 16_777_216],
    [value],
  ] as [number[], ...number[][]])
  return parts.map(digits).join(random.pick([".", ".", ".", "。", "．", "%2e"]))
}

/** Adds what people and attackers add to a host. */
function disguise(host: string, random: Random): string {
  const fullWidth = (text: string) =>
    text.replace(/\d/g, digit => String.fromCodePoint(0xff10 + Number(digit)))
  const percent = (text: string) => text.replace(/\d/g, digit => `%3${digit}`)
  return random.pick<(text: string) => string>([
    text => text,
    text => text,
    text => `${text}.`,
    text => `${text}..`,
    text => `${text}:443`,
    text => `${text}/x`,
    text => `user@${text}`,
    text => `${text}#8.8.8.8`,
    text => `\\${text}`,
    text => ` ${text}\t`,
    fullWidth,
    percent,
  ])(host)
}
