import { loadInBareContext } from "@singlesink/conformance/bare-context"
import type { JitsuContext, JitsuDestination } from "@singlesink/jitsu"
import type { Event } from "../events.ts"

/** The function in its own context, and code that acts there as Jitsu does, with objects of that context. */
export interface Sandbox extends Inside {
  readonly send: JitsuDestination
}

/** @param bundle the code of the function */
export async function openSandbox(bundle: string): Promise<Sandbox> {
  // Appended to the bundle, so that both are in the same context.
  const code = `${bundle}\nexport const insideOfBench = (${createInside})()`
  const { default: send, insideOfBench } = await loadInBareContext<Exports>(code)
  return { send, ...insideOfBench }
}

interface Exports {
  default: JitsuDestination
  insideOfBench: Inside
}

interface Inside {
  /** Parses events in the context, as Jitsu does, so that they are objects of the context. */
  parse(json: string): Event[]
  /** The floor: JSON.stringify of each event. Returns the number of UTF-16 units. */
  stringify(events: readonly Event[]): number
  /** Creates the context argument of a function, with a server that answers immediately. `onBody` receives each body. */
  createHost(props: object, answer: string, onBody?: (body: string) => void): JitsuContext
  /** Calls the function for each event, `burst` events at a time. */
  callInBursts(
    send: JitsuDestination,
    ctx: JitsuContext,
    events: readonly Event[],
    burst: number,
  ): Promise<void>
}

/** Its source is evaluated in the context, without the rest of this file. */
function createInside(): Inside {
  // Looked up once, because looking up a global is slow in such a context and not part of the floor.
  const { parse, stringify } = JSON
  return {
    parse: json => parse(json),
    stringify(events) {
      let length = 0
      for (const event of events) length += stringify(event).length
      return length
    },
    createHost: (props, answer, onBody) => ({
      props: { ...props },
      log: { error() {} },
      async fetch(_url, { body = "" }) {
        // V8 builds a string lazily, and reading a character completes it.
        body.charCodeAt(body.length - 1)
        onBody?.(body)
        return { status: 200, headers: {}, text: async () => answer }
      },
    }),
    async callInBursts(send, ctx, events, burst) {
      for (let first = 0; first < events.length; first += burst) {
        const calls = []
        for (let index = first; index < first + burst && index < events.length; index++) {
          calls.push(send(events[index] as Event, ctx))
        }
        await Promise.all(calls)
      }
    },
  }
}
