import Rudder from "@rudderstack/rudder-sdk-node"
import { Analytics } from "@segment/analytics-node"
import { type ChaosEvent, toEvent } from "../events.ts"

/** Sends events to receivers. */
export interface Caller {
  readonly name: string
  /** Sends an event, and retries as the SDK does. @returns whether the receiver has acknowledged it */
  send(number: number): Promise<boolean>
  /** Releases its timers. */
  close(): Promise<void>
}

/** Node's SDK of Segment. */
export function createSegmentCaller(url: string, writeKey: string, seed: number): Caller {
  const settings = { writeKey, host: url, maxRetries: 2, flushAt: 20, flushInterval: 50 }
  const analytics = new Analytics({ ...settings, httpRequestTimeout: 4_000 })
  // It reports a failed batch here and to the callback of each event.
  analytics.on("error", () => {})
  return {
    name: "@segment/analytics-node",
    send: number =>
      new Promise(resolve => {
        const message = toMessage(toEvent(seed, number))
        analytics.track(message, failure => resolve(failure === undefined))
      }),
    close: () => analytics.closeAndFlush({ timeout: 1_000 }),
  }
}

/** Node's SDK of RudderStack. */
export function createRudderCaller(url: string, writeKey: string, seed: number): Caller {
  const analytics = new Rudder(writeKey, {
    dataPlaneUrl: url,
    flushAt: 20,
    flushInterval: 50,
    maxInternalQueueSize: 100_000,
    retryCount: 2,
    logLevel: "none",
    axiosConfig: { timeout: 4_000 },
    errorHandler: () => {},
  })
  return {
    name: "@rudderstack/rudder-sdk-node",
    send: number =>
      new Promise(resolve => {
        const callback = ((failure?: unknown) => resolve(failure === undefined)) as () => void
        analytics.track(toMessage(toEvent(seed, number)), callback)
      }),
    close: () => analytics.flush(),
  }
}

/** Calls both receivers in turn, as a balancer does, and now and then both at once. */
export function createBalancedCaller(urls: readonly string[], writeKey: string, seed: number): Caller {
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`
  async function post(url: string, number: number): Promise<boolean> {
    try {
      const body = JSON.stringify([toEvent(seed, number)])
      const signal = AbortSignal.timeout(4_000)
      const response = await fetch(`${url}/webhook`, {
        method: "POST",
        body,
        headers: { authorization },
        signal,
      })
      await response.arrayBuffer()
      // 400 says that the event is rejected for good, and that it is in the dead letters.
      return response.ok || response.status === 400
    } catch {
      return false
    }
  }
  return {
    name: "a balancer",
    async send(number) {
      if (number % 5 === 0) return (await Promise.all(urls.map(url => post(url, number)))).includes(true)
      return post(urls[number % urls.length] as string, number)
    },
    close: async () => {},
  }
}

/** The members that both SDKs take. */
function toMessage({ messageId, properties }: ChaosEvent) {
  return { messageId, event: "Chaos", userId: "u1", properties: properties as Record<string, string> }
}
