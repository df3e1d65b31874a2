import cors from "@fastify/cors"
import rateLimit from "@fastify/rate-limit"
import underPressure from "@fastify/under-pressure"
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify"
import type { ResolvedOptions } from "../options.ts"
import { parseBody, toTooLargeError } from "./body.ts"
import { RequestError } from "./request-error.ts"

declare module "fastify" {
  interface FastifyRequest {
    /** When the headers arrived, by the monotonic clock, in milliseconds. */
    arrivedAtMs: number
    /** The body as it was sent, if it has a signature to check. */
    signedBody: Buffer | undefined
  }
}

/** A header of more bytes is refused with 431. SDKs send less than 1 KB. */
const maxHeaderBytes = 16_384

/** A process that is so far behind answers 503, so that the callers wait instead of the queue. */
const maxEventLoopDelayMs = 1_000

/** Creates the HTTP server with its limits, without routes. */
export function createServer(options: ResolvedOptions): FastifyInstance {
  const { maxBodyBytes, requestTimeoutMs } = options
  const app = fastify({
    logger: options.logger ?? false,
    // The lines of Fastify contain the URL with its query string, and that may contain a key.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: requestTimeoutMs + options.answerTimeoutMs,
    keepAliveTimeout: 72_000,
    forceCloseConnections: "idle",
    trustProxy: options.trustProxy,
    exposeHeadRoutes: false,
    http: {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: Math.min(requestTimeoutMs, 10_000),
      connectionsCheckingInterval: 1_000,
    },
    frameworkErrors: (error, request, reply) => sendError(error, request, reply as FastifyReply, options),
  })
  app.server.maxConnections = options.maxConnections
  app.decorateRequest("arrivedAtMs", 0)
  app.decorateRequest("signedBody", undefined)
  app.addHook("onRequest", (request, reply, done) => {
    request.arrivedAtMs = performance.now()
    reply.header("x-content-type-options", "nosniff")
    done()
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request, body: Buffer, done) => {
    const { "x-signature": signature, "x-segment-signature": fullSignature } = request.headers
    if (signature !== undefined || fullSignature !== undefined) request.signedBody = body
    try {
      const parsed = parseBody(body, request.headers["content-encoding"], maxBodyBytes)
      if (parsed instanceof Promise) parsed.then(value => done(null, value), done)
      else done(null, parsed)
    } catch (error) {
      done(error as Error)
    }
  })
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply, options))
  app.setNotFoundHandler((_, reply) =>
    send(reply, new RequestError(404, "not_found", "There is no such route. See the README for the routes.")),
  )
  app.register(underPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    pressureHandler() {
      throw new RequestError(503, "overloaded", "The receiver is busy. Send the call again later.", 1)
    },
  })
  if (options.cors !== undefined) {
    app.register(cors, {
      origin: options.cors === "*" ? "*" : [...options.cors],
      methods: ["POST"],
      // Any header is allowed: RudderStack's SDK adds one for each detail of a retry. None of them grants a right.
      maxAge: 86_400,
    })
  }
  return app
}

/** Limits the calls of each key, on the routes that are registered after it resolves. */
export async function registerRateLimit(
  app: FastifyInstance,
  { maxCallsPerSecond }: ResolvedOptions,
): Promise<void> {
  if (maxCallsPerSecond === undefined) return
  await app.register(rateLimit, {
    max: maxCallsPerSecond,
    timeWindow: 1_000,
    hook: "preHandler",
    keyGenerator: request => request.caller?.id ?? request.ip,
    errorResponseBuilder: () =>
      new RequestError(
        429,
        "too_many_calls",
        `The key has more than ${maxCallsPerSecond} calls in a second. Send the call again later.`,
        1,
      ),
  })
}

function sendError(
  error: FastifyError | RequestError,
  request: FastifyRequest,
  reply: FastifyReply,
  { maxBodyBytes }: ResolvedOptions,
): void {
  const known =
    error.code === "FST_ERR_CTP_BODY_TOO_LARGE" ? toTooLargeError(maxBodyBytes) : (error as RequestError)
  if (known instanceof RequestError) {
    send(reply, known)
    return
  }
  const { statusCode = 500 } = error
  // The message of Fastify may quote the URL.
  if (statusCode < 500) {
    send(reply, new RequestError(statusCode, "bad_request", sentences[error.code] ?? malformed))
    return
  }
  request.log.error({ err: error }, "A call failed unexpectedly.")
  send(
    reply,
    new RequestError(500, "internal_error", "The receiver failed unexpectedly. Its log has the reason."),
  )
}

const malformed = "The request is malformed."
const sentences: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "The body has another length than Content-Length says.",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "The Content-Type is not valid. Use application/json.",
  FST_ERR_CTP_EMPTY_JSON_BODY: "The body is empty. Send JSON.",
}

function send(reply: FastifyReply, { statusCode, code, message, retryAfterSeconds }: RequestError): void {
  if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds)
  // Not for the live page, because the browser would ask for a password.
  if (code === "unauthorized") reply.header("www-authenticate", 'Basic realm="write key"')
  reply.code(statusCode).send({ success: false, code, message })
}
