import { loadInBareContext } from "@singlesink/conformance/bare-context"
import type { JitsuContext, JitsuDestination } from "@singlesink/jitsu"
import type { Event } from "../events.ts"

/** The function in a context of its own, and what acts there as Jitsu does, with the context's own objects. */
export interface Sandbox extends Inside {
  readonly send: JitsuDestination
}

/** @param bundle the text of the function's module */
export async function openSandbox(bundle: string): Promise<Sandbox> {
  // Behind the bundle, so that one context holds both.
  const code = `${bundle}\nexport const insideOfBench = (${createInside})()`
  const { default: send, insideOfBench } = await loadInBareContext<Exports>(code)
  return { send, ...insideOfBench }
}

interface Exports {
  default: JitsuDestination
  insideOfBench: Inside
}

interface Inside {
  /** Events that are objects of the context: Jitsu parses them there. */
  parse(json: string): Event[]
  /** The floor. How many UTF-16 units it made. */
  stringify(events: readonly Event[]): number
  /** What Jitsu hands to a function, with a server that answers at once; `onBody` sees what it is sent. */
  createHost(props: object, answer: string, onBody?: (body: string) => void): JitsuContext
  /** Calls for each event, so many at once, and then for as many others. */
  callInBursts(
    send: JitsuDestination,
    ctx: JitsuContext,
    events: readonly Event[],
    burst: number,
  ): Promise<void>
}

/** Its text is evaluated in the context, where nothing else of this file is. */
function createInside(): Inside {
  // Once: a context of Node's looks up a global slowly, and that is no part of the floor.
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
        // A string that nobody read is not finished: reading makes it one piece.
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
