/** Events of a small shop, with the mistakes that real ones have. */
export interface Traffic {
  /** Sends events until it is stopped. */
  start(eventsPerSecond: number): void
  /** @returns how many events were sent */
  stop(): Promise<number>
}

const callsPerSecond = 20
const names = ["Signed Up", "Order Completed", "Product Viewed", "Checkout Started", "Plan Changed"]
const pages = ["Pricing", "Home", "Docs"]

/** @param send sends a batch, and resolves when it is answered */
export function createTraffic(send: (events: object[]) => Promise<void>): Traffic {
  const calls = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let count = 0

  function call(size: number): void {
    const events = Array.from({ length: size }, () => createEvent(count++))
    const sent = send(events).finally(() => calls.delete(sent))
    calls.add(sent)
  }

  return {
    start(eventsPerSecond) {
      timer = setInterval(call, 1_000 / callsPerSecond, Math.ceil(eventsPerSecond / callsPerSecond))
    },
    async stop() {
      clearInterval(timer)
      await Promise.all(calls)
      return count
    },
  }
}

/** Every 90th has an invalid timestamp, and every 40th violates the schema. */
function createEvent(index: number): object {
  const common = {
    messageId: `m${index}`,
    userId: `user-${index % 40}`,
    timestamp: index % 90 === 89 ? "yesterday" : new Date().toISOString(),
    context: { library: { name: "shop" }, page: { path: "/pricing" } },
  }
  if (index % 7 === 3) return { ...common, type: "page", name: pages[index % pages.length] }
  if (index % 7 === 5) return { ...common, type: "identify", traits: { email: "ada@example.com" } }
  const seats = index % 40 === 0 ? "many" : (index % 9) + 1
  const event = index % 40 === 0 ? names[0] : names[index % names.length]
  return { ...common, type: "track", event, properties: { plan: "pro", seats } }
}
