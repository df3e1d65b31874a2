import type { HostUnderTest } from "./host.ts"

type Event = Record<string, unknown>

/** A host with one fault that real sinks have had, made from a host that is right. */
export interface Saboteur {
  readonly name: string
  /** The case that must fail for it. */
  readonly caughtBy: string
  sabotage(host: HostUnderTest): HostUnderTest
}

/** A saboteur that changes the events on their way. */
const changing =
  (change: (event: Event) => Event) =>
  (host: HostUnderTest): HostUnderTest => ({
    ...host,
    deliver: events => host.deliver(events.map(event => change({ ...event }))),
  })

/** Replaces every text or number inside the JSON of an event. */
const replacing = (replace: (value: unknown) => unknown) =>
  changing(event => ({
    ...event,
    properties: JSON.parse(JSON.stringify(event.properties ?? null), (_, value) => replace(value)),
  }))

const isText = (value: unknown): value is string => typeof value === "string"

let repeats = 0

export const saboteurs: readonly Saboteur[] = [
  {
    name: "knows track events only and says stored of the rest",
    caughtBy: "stores an event of each type",
    sabotage: host => ({
      ...host,
      async deliver(events) {
        await host.deliver(events.filter(event => "type" in event && event.type === "track"))
        return events.map(() => "stored")
      },
    }),
  },
  {
    name: "sends a delivery again under new ids, as if there were no key",
    caughtBy: "stores an event once, however often and however near to itself it comes",
    sabotage: changing(event =>
      event.messageId === "m1" ? { ...event, messageId: `m1 ${++repeats}` } : event,
    ),
  },
  {
    name: "compares ids without regard to case",
    caughtBy: "tells ids apart that differ in case or in a trailing space only",
    sabotage: changing(event => ({
      ...event,
      messageId: isText(event.messageId) ? event.messageId.toLowerCase() : event.messageId,
    })),
  },
  {
    name: "gives its refusals first",
    caughtBy: "gives its verdicts in the order of the events",
    sabotage: host => ({ ...host, deliver: async events => (await host.deliver(events)).sort() }),
  },
  {
    name: "refuses the batch for one bad event",
    caughtBy: "stores the neighbours of a bad event",
    sabotage: host => ({
      ...host,
      deliver: async events =>
        events.every(event => "messageId" in event && event.messageId !== undefined)
          ? host.deliver(events)
          : events.map(() => "rejected"),
    }),
  },
  {
    name: "cuts the offset from a time",
    caughtBy: "stores a time with an offset as UTC",
    sabotage: changing(event => ({
      ...event,
      timestamp: String(event.timestamp).replace(/[+-]\d\d:\d\d$/, "Z"),
    })),
  },
  {
    name: "says stored before it has sent",
    caughtBy: "has the row in the table when it says stored",
    sabotage(host) {
      let buffer: readonly object[] = []
      return {
        ...host,
        async deliver(events) {
          const late = buffer
          buffer = events
          await host.deliver(late)
          return events.map(() => "stored")
        },
      }
    },
  },
  {
    name: "tidies the event that it was given",
    caughtBy: "leaves the events as they were",
    sabotage: host => ({
      ...host,
      deliver(events) {
        for (const event of events as Event[]) delete event.context
        return host.deliver(events)
      },
    }),
  },
  {
    name: "escapes text for HTML",
    caughtBy: "keeps characters that HTML and SQL escape unchanged",
    sabotage: replacing(value => (isText(value) ? value.replaceAll("<", "&lt;") : value)),
  },
  {
    name: "knows three-byte characters only",
    caughtBy: "keeps emoji and other scripts unchanged",
    sabotage: replacing(value => (isText(value) ? value.replace(/[\ud800-\udfff]/g, "?") : value)),
  },
  {
    name: "takes numbers for single-precision ones",
    caughtBy: "keeps 0.1 + 0.2 unchanged",
    sabotage: replacing(value => (typeof value === "number" ? Math.fround(value) : value)),
  },
  {
    name: "leaves out what is null",
    caughtBy: "keeps null unchanged",
    sabotage: replacing(value =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
        : value,
    ),
  },
  {
    name: "keeps JSON to a depth of two",
    caughtBy: "keeps nested JSON unchanged",
    sabotage: changing(event => ({ ...event, properties: flatten(event.properties, 2) })),
  },
]

function flatten(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  if (depth === 0) return JSON.stringify(value)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, flatten(member, depth - 1)]))
}
