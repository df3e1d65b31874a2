import { createSink, type Limits, type Sink } from "@singlesink/core"
import { createDataApi, type Fetch } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { Agent, request } from "undici"
import type { Event } from "../events.ts"
import { stream } from "../producer.ts"
import type { Received } from "./discard.ts"
import { createBarePost, createFetchPost, type Post } from "./post.ts"

/** The number of concurrent requests and connections of both sides: the default of a sink. */
export const inFlight = 4

/** Bare undici and our client, each with its own connections to the same server. */
export interface Clients {
  readonly postBare: Post
  readonly postOurs: Post
  /** Creates a sink over createDataApi over undiciFetch. */
  createSink(): Sink
  /** Sends `count` events with such a sink. Returns the bodies. */
  record(events: readonly Event[], count: number): Promise<string[]>
  /** Asks the server what it has received. */
  countReceived(): Promise<Received>
  close(): Promise<void>
}

export function openClients(url: string): Clients {
  const agent = new Agent({ connections: inFlight, pipelining: 1, keepAliveTimeout: 4_000 })
  const fetch = undiciFetch({ connections: inFlight })
  const path = `${url}/api/v2/exec`
  return {
    postBare: createBarePost(path, agent),
    postOurs: createFetchPost(path, fetch),
    createSink: () => createSinkOver(url, fetch, { maxInFlight: inFlight }),
    async record(events, count) {
      const bodies: string[] = []
      const recordingFetch: Fetch = (url, request) => {
        if (request.body !== undefined) bodies.push(request.body)
        return fetch(url, request)
      }
      await stream(createSinkOver(url, recordingFetch, { maxInFlight: inFlight }), events, count)
      return bodies
    },
    async countReceived() {
      const { body } = await request(url, { dispatcher: agent })
      return (await body.json()) as Received
    },
    async close() {
      await Promise.all([agent.close(), fetch.close()])
    },
  }
}

export function createSinkOver(url: string, fetch: Fetch, limits: Limits): Sink {
  const api = createDataApi({ url, username: "bench", password: "bench", database: "events", fetch })
  return createSink({ transport: api, table: "segment_data", limits })
}
