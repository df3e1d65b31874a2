import { createRandom, type Random } from "@singlesink/fixtures"

/** An event as a JSON object. */
export type Event = Record<string, unknown>

/** The approximate length of an event as JSON. */
export type EventSize = "0.8 KB" | "2 KB"

/**
 * Creates events as client libraries send them (tooling/fixtures has real ones): tracks, pages and identifies of about
 * the same size, with timestamps on every day of a year and a realistic share of non-ASCII text. The same seed creates
 * the same events.
 */
export function createEvents(size: EventSize, count: number, seed = 1): Event[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => {
    const kind = random.below(10)
    const create = kind < 6 ? createTrack : kind < 9 ? createPage : createIdentify
    const event = create(random, size === "2 KB")
    // Parsing gives the objects and strings the same form in V8 as events from the wire.
    return JSON.parse(JSON.stringify(event)) as Event
  })
}

function createTrack(random: Random, isLarge: boolean): Event {
  const products = Array.from({ length: isLarge ? 5 : 1 }, () => createProduct(random, isLarge))
  return {
    ...createCommon(random, isLarge),
    type: "track",
    event: random.pick([
      "Product Viewed",
      "Product Added",
      "Order Completed",
      "Checkout Started",
      "Angemeldet ✨",
    ]),
    properties: {
      order_id: `o-${random.below(1_000_000)}`,
      total: random.below(100_000) / 100,
      currency: random.pick(["EUR", "USD", "JPY"]),
      products,
      ...(isLarge
        ? { coupon: "MAYDEALS", tax: random.below(9_000) / 100, note: createNote(random, 240) }
        : {}),
    },
  }
}

function createPage(random: Random, isLarge: boolean): Event {
  const page = createPageContext(random)
  return {
    ...createCommon(random, isLarge),
    type: "page",
    name: random.pick(["Product", "Home", "Cart", "Übersicht"]),
    properties: {
      ...page,
      category: random.pick(["Games", "Coffee", "Garten & Küche"]),
      ...(isLarge
        ? {
            referrer: page.url,
            search: `?q=${random.hex(24)}`,
            experiments: Array.from({ length: 6 }, () => ({
              id: random.hex(12),
              variation: "green",
              exposed: true,
            })),
            note: createNote(random, 420),
          }
        : {}),
    },
  }
}

function createIdentify(random: Random, isLarge: boolean): Event {
  return {
    ...createCommon(random, isLarge),
    type: "identify",
    traits: {
      name: random.pick(["Jean-Luc Dupont", "Sofía Ramírez", "Erika Mustermann", "山田花子"]),
      email: `user-${random.below(10_000)}@example.com`,
      createdAt: createTime(random),
      logins: random.below(500),
      order_completed_last_30days: random.chance(0.5),
      address: {
        city: random.pick(["São Paulo", "Berlin", "Osaka"]),
        zip: String(10_000 + random.below(80_000)),
      },
      tags: ["a", "b"],
      ...(isLarge
        ? {
            segments: Array.from({ length: 8 }, () => ({
              id: random.hex(12),
              score: random.below(1_000) / 1_000,
            })),
            description: createNote(random, 540),
          }
        : {}),
    },
  }
}

/** The members of every type: ids, timestamps and context. */
function createCommon(random: Random, isLarge: boolean): Event {
  const timestamp = createTime(random)
  const user = random.below(10_000)
  return {
    timestamp,
    context: {
      ip: `203.0.113.${random.below(256)}`,
      userAgent: random.pick(isLarge ? longUserAgents : shortUserAgents),
      locale: random.pick(["en-US", "de-DE", "zh-CN"]),
      timezone: random.pick(["Europe/Berlin", "Asia/Shanghai", "America/New_York"]),
      page: createPageContext(random),
      library: { name: "@segment/analytics-node", version: "3.1.0" },
      ...(isLarge
        ? {
            campaign: { name: "TPS", source: "Newsletter", medium: "email", term: random.hex(16) },
            screen: { width: 2560, height: 1440, density: 2 },
            os: { name: "Mac OS X", version: "10.15.7" },
            traits: { email: `user-${user}@example.com`, plan: random.pick(["pro", "free"]) },
          }
        : {}),
    },
    anonymousId: random.chance(0.8) ? `anon-${random.hex(12)}` : undefined,
    userId: random.chance(0.7) ? `user-${user}` : undefined,
    messageId: `node-next-${Date.parse(timestamp)}-${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-${random.hex(12)}`,
    _metadata: { nodeVersion: "v20.20.2", jsRuntime: "node" },
    sentAt: timestamp,
    receivedAt: timestamp,
  }
}

function createPageContext(random: Random): Record<string, string> {
  const path = `/p/G-${random.below(1_000)}`
  return {
    path,
    url: `https://shop.example.com${path}?a=${random.below(10)}`,
    title: random.pick([
      "Shop – Café ☕ Press",
      "Shop - Monopoly",
      "Shop - Backslash \\ Set",
      "Shop - Chess",
    ]),
  }
}

function createProduct(random: Random, isLarge: boolean): Record<string, unknown> {
  const number = 1_000 + random.below(9_000)
  return {
    product_id: `sku-${number}`,
    name: random.pick(["Monopoly: 3rd Edition", "Chess", "Café-Presse", "Uno Card Game"]),
    price: random.below(10_000) / 100,
    quantity: 1 + random.below(5),
    ...(isLarge
      ? { category: "Games", brand: null, position: random.below(20), discounted: random.chance(0.2) }
      : {}),
  }
}

/** A string of this length. One in four has non-ASCII letters. */
function createNote(random: Random, length: number): string {
  const words = random.chance(0.25) ? "größer, schöner, weiter; " : "larger, nicer, further; "
  return words.repeat(Math.ceil(length / words.length)).slice(0, length)
}

/** A random millisecond of a year. */
function createTime(random: Random): string {
  const startOfYear = Date.UTC(2026, 0, 1)
  return new Date(startOfYear + random.below(365 * 24 * 60) * 60_000 + random.below(60_000)).toISOString()
}

const shortUserAgents: [string, ...string[]] = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
]

const longUserAgents: [string, ...string[]] = [
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
]
