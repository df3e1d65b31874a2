import { createSink, defaultColumns, type SinkOptions } from "@singlesink/core"
import { z } from "zod"
import type { Fact, Probe, Settings } from "../bench.ts"
import { createEvents, type Event, type EventSize } from "../events.ts"
import { compare } from "../measure.ts"
import type { Stopwatch } from "../stopwatch.ts"
import { createReadingTransport } from "../transport.ts"

const maxRatio = 1.3

/** The fewest columns, so that the schemas are a large part of the time and a difference is not lost in its noise. */
const columns = defaultColumns.filter(({ required }) => required)

/** A tracking plan as teams write it: the properties they rely on, for each event name and type. */
const order = z.object({
  messageId: z.string().min(1),
  properties: z.object({
    order_id: z.string(),
    total: z.number().min(0),
    currency: z.enum(["EUR", "USD", "JPY"]),
    products: z.array(
      z.object({ name: z.string(), price: z.number(), quantity: z.number().int() }).partial(),
    ),
  }),
})
const schemas: Record<string, z.ZodType> = {
  "Product Viewed": order,
  "Product Added": order,
  "Order Completed": order,
  "Checkout Started": order,
  "Angemeldet ✨": order,
  page: z.object({ name: z.string(), properties: z.object({ url: z.url(), category: z.string() }) }),
  identify: z.object({ userId: z.string().optional(), traits: z.object({ email: z.string() }).partial() }),
}

/** Measures what a sink adds to the time of its schemas: it finds the schema of an event and reads the result. */
export const contract: Probe = {
  name: "contract",
  async run(settings, stopwatch) {
    return [await measure("0.8 KB", settings, stopwatch), await measure("2 KB", settings, stopwatch)]
  },
}

async function measure(size: EventSize, settings: Settings, stopwatch: Stopwatch): Promise<Fact> {
  const events = createEvents(size, 1_000)
  const { floor, original, ours } = await compare(
    {
      name: `contract, ${size}`,
      events: events.length,
      sides: {
        floor: createRun(events),
        original: createRun(events, {}, validateAll),
        ours: createRun(events, { validate: schemas }),
      },
    },
    settings,
    stopwatch,
  )
  const schemasAlone = (original?.microseconds ?? Number.NaN) - floor.microseconds
  const ratio = (ours.microseconds - floor.microseconds) / schemasAlone
  return {
    name: `${size}: what \`validate\` adds to writeBatch, divided by what the same schemas add if the caller applies them`,
    value: `${ratio.toFixed(2)} × ${schemasAlone.toFixed(2)} µs`,
    target: { text: `at most ${maxRatio}`, met: ratio <= maxRatio },
  }
}

/** The least that a caller needs to apply the schemas. */
function validateAll(events: readonly Event[]): void {
  for (const event of events) {
    const schema = schemas[String(event.type === "track" ? event.event : event.type)]
    schema?.["~standard"].validate(event)
  }
}

function createRun(
  events: readonly Event[],
  options: Pick<SinkOptions, "validate"> = {},
  before?: (events: readonly Event[]) => void,
) {
  const transport = createReadingTransport("immediate")
  // Observed violations cost nothing more than rejected ones, and both sinks store the same rows.
  const sink = createSink({ transport, columns, onViolation: "observe", ...options })
  return async () => {
    transport.reset()
    before?.(events)
    await sink.writeBatch(events)
    return transport.bytes
  }
}
