import type { HostUnderTest } from "./host.ts"

type Event = Record<string, unknown>

/** A deliberately broken host, with one defect that real sinks have had. The suite must catch it. */
export interface Mutant {
  /** Completes the sentence "A host that …". */
  readonly name: string
  /** The case that must fail. */
  readonly caughtBy: string
  /** Adds the defect to a correct host. */
  mutate(host: HostUnderTest): HostUnderTest
}

/** A mutation that changes each event before it is delivered. */
const changing =
  (change: (event: Event) => Event) =>
  (host: HostUnderTest): HostUnderTest => ({
    ...host,
    deliver: events => host.deliver(events.map(event => change({ ...event }))),
  })

/** A mutation that changes each value in the properties of an event. */
const replacing = (replace: (value: unknown) => unknown) =>
  changing(event => ({
    ...event,
    properties: JSON.parse(JSON.stringify(event.properties ?? null), (_, value) => replace(value)),
  }))

const isString = (value: unknown): value is string => typeof value === "string"

let repeats = 0

export const mutants: readonly Mutant[] = [
  {
    name: "drops all events but track events and reports them as stored",
    caughtBy: "The host stores events of every type",
    mutate: host => ({
      ...host,
      async deliver(events) {
        await host.deliver(events.filter(event => "type" in event && event.type === "track"))
        return events.map(() => "stored")
      },
    }),
  },
  {
    name: "sends a repeated event under a new id",
    caughtBy: "The host stores an event once, however often it is delivered",
    mutate: changing(event =>
      event.messageId === "m1" ? { ...event, messageId: `m1 ${++repeats}` } : event,
    ),
  },
  {
    name: "ignores the case of ids",
    caughtBy: "The host distinguishes ids that differ only in case or by a trailing space",
    mutate: changing(event => ({
      ...event,
      messageId: isString(event.messageId) ? event.messageId.toLowerCase() : event.messageId,
    })),
  },
  {
    name: "returns rejections first",
    caughtBy: "The host returns outcomes in the order of the events",
    mutate: host => ({ ...host, deliver: async events => (await host.deliver(events)).sort() }),
  },
  {
    name: "rejects a batch because of one bad event",
    caughtBy: "The host stores the neighbours of a bad event",
    mutate: host => ({
      ...host,
      deliver: async events =>
        events.every(event => "messageId" in event && event.messageId !== undefined)
          ? host.deliver(events)
          : events.map(() => "rejected"),
    }),
  },
  {
    name: "drops the offset of a timestamp",
    caughtBy: "The host stores a timestamp with an offset as UTC",
    mutate: changing(event => ({
      ...event,
      timestamp: String(event.timestamp).replace(/[+-]\d\d:\d\d$/, "Z"),
    })),
  },
  {
    name: "reports an event as stored before it is sent",
    caughtBy: "The host reports an event as stored only when its row is in the table",
    mutate(host) {
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
    name: "modifies the events it is passed",
    caughtBy: "The host does not modify the events it is passed",
    mutate: host => ({
      ...host,
      deliver(events) {
        for (const event of events as Event[]) delete event.context
        return host.deliver(events)
      },
    }),
  },
  {
    name: "escapes strings for HTML",
    caughtBy: "The host keeps characters that HTML and SQL escape unchanged",
    mutate: replacing(value => (isString(value) ? value.replaceAll("<", "&lt;") : value)),
  },
  {
    name: "replaces four-byte characters",
    caughtBy: "The host keeps emoji and other scripts unchanged",
    mutate: replacing(value => (isString(value) ? value.replace(/[\ud800-\udfff]/g, "?") : value)),
  },
  {
    name: "rounds numbers to single precision",
    caughtBy: "The host keeps 0.1 + 0.2 unchanged",
    mutate: replacing(value => (typeof value === "number" ? Math.fround(value) : value)),
  },
  {
    name: "drops null",
    caughtBy: "The host keeps null unchanged",
    mutate: replacing(value =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
        : value,
    ),
  },
  {
    name: "flattens JSON below a depth of two",
    caughtBy: "The host keeps nested JSON unchanged",
    mutate: changing(event => ({ ...event, properties: flatten(event.properties, 2) })),
  },
]

function flatten(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  if (depth === 0) return JSON.stringify(value)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, flatten(member, depth - 1)]))
}
