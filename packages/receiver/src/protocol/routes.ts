import type { Socket } from "node:net"
import type { Event } from "@singlesink/core"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { sendAnswer } from "../http/answer.ts"
import { type Authentication, type Caller, readKey } from "../http/authentication.ts"
import { type Arrival, toArrival } from "./event.ts"
import { eventTypes, readBatch, readEvent } from "./tracking.ts"
import { readWebhook } from "./webhook.ts"

declare module "fastify" {
  interface FastifyRequest {
    /** Undefined until the key is checked. */
    caller: Caller | undefined
  }
}

/** The events of a call, and who sent them. */
export interface ReceivedCall {
  readonly caller: Caller
  readonly events: readonly Event[]
  readonly isBatch: boolean
  /** The route that was called. */
  readonly route: string
  readonly arrivedAtMs: number
}

/** Registers the routes that take events. `handle` resolves to the outcomes that are answered. */
export function registerEventRoutes(
  app: FastifyInstance,
  authentication: Authentication,
  recordIp: boolean,
  handle: (call: ReceivedCall) => Promise<Parameters<typeof sendAnswer>[1]>,
): void {
  app.decorateRequest("caller", undefined)
  /** The caller that a connection had last, and its header. A client sends the same one on each call. */
  const known = new WeakMap<Socket, { authorization: string; caller: Caller }>()
  app.addHook("onRequest", authenticateHeaders)
  app.addHook("preHandler", authenticateBody)

  /** Refuses a wrong key before its body is read. A missing one may be in the body. */
  function authenticateHeaders(
    request: FastifyRequest,
    _: FastifyReply,
    done: (error?: Error) => void,
  ): void {
    try {
      request.caller = findCallerOfHeaders(request)
      done()
    } catch (error) {
      done(error as Error)
    }
  }

  function findCallerOfHeaders({ headers, query, raw: { socket } }: FastifyRequest): Caller | undefined {
    const { authorization } = headers
    const last = known.get(socket)
    // The comparison is with what the same client has sent, so its time says nothing about a key.
    if (last !== undefined && last.authorization === authorization) return last.caller
    const key = readKey(headers, query)
    if (key === undefined && !authentication.isAnonymous) return undefined
    const caller = authentication.findCaller(key)
    if (authorization !== undefined) known.set(socket, { authorization, caller })
    return caller
  }

  function authenticateBody(request: FastifyRequest, _: FastifyReply, done: (error?: Error) => void): void {
    try {
      request.caller ??= findCallerOfBody(request)
      done()
    } catch (error) {
      done(error as Error)
    }
  }

  function findCallerOfBody({ headers, body, signedBody }: FastifyRequest): Caller {
    const { "x-segment-signature": fullSignature, "x-signature": signature } = headers
    if (signedBody !== undefined) {
      const caller =
        typeof fullSignature === "string"
          ? authentication.checkSignature(fullSignature, [signedBody])
          : authentication.checkSignature(String(signature), toSigned(signedBody, body))
      if (caller !== undefined) return caller
    }
    const { writeKey } = Object(body) as { writeKey?: unknown }
    return authentication.findCaller(typeof writeKey === "string" ? writeKey : undefined)
  }

  function post(
    url: string,
    read: (body: unknown, arrival: Arrival, request: FastifyRequest) => Event[],
    isBatch: (body: unknown) => boolean,
  ): void {
    app.post(url, async (request, reply) => {
      const { body, caller, arrivedAtMs } = request
      const ip = recordIp ? request.ip : undefined
      const events = read(body, toArrival(ip), request)
      const call = { caller: caller as Caller, events, isBatch: isBatch(body), route: url, arrivedAtMs }
      return sendAnswer(reply, await handle(call))
    })
  }

  const [never, always] = [() => false, () => true]
  for (const [type, short] of Object.entries(eventTypes)) {
    for (const name of [type, short])
      post(`/v1/${name}`, (body, arrival) => readEvent(body, type, arrival), never)
    // Jitsu's client calls these.
    for (const path of ["/api/s/", "/api/s/s2s/"]) {
      post(`${path}${type}`, (body, arrival) => readEvent(body, type, arrival), never)
    }
  }
  for (const url of ["/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"]) post(url, readBatch, always)
  post("/webhook", readWebhook, Array.isArray)
}

/**
 * What the header X-Signature may be about: the body, or only the first event of an array.
 *
 * @see https://github.com/segmentio/action-destinations/blob/main/packages/destination-actions/src/destinations/webhook/index.ts
 */
function toSigned(signedBody: Buffer, body: unknown): (Buffer | string)[] {
  return Array.isArray(body) && body.length > 0 ? [signedBody, JSON.stringify(body[0])] : [signedBody]
}
