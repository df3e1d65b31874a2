import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import rateLimit from "@fastify/rate-limit"
import fastifyStatic from "@fastify/static"
import type { FastifyInstance, FastifyRequest } from "fastify"
import { RequestError } from "../http/request-error.ts"
import type { LiveOptions } from "../options.ts"
import type { LiveHub } from "./hub.ts"
import { createStreams } from "./streams.ts"

/** Nothing is loaded from elsewhere, and no inline code runs. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ")

const cookieName = "singlesink_live"
const sessionSeconds = 12 * 60 * 60
const maxSessions = 100
const maxLoginsPerMinute = 30

/** The page as it is built: beside the built package, or in its dist folder. */
const pageFolder = ["./live-page", "../../dist/live-page"]
  .map(path => fileURLToPath(new URL(path, import.meta.url)))
  .find(existsSync)

/** Registers the live page, its session and its stream. */
export function registerLiveRoutes(app: FastifyInstance, { key }: LiveOptions, hub: LiveHub): void {
  /** The tokens of the sessions, oldest first. */
  const sessions = new Map<string, number>()
  const streams = createStreams(hub)
  app.addHook("preClose", async () => streams.close())
  app.addHook("onRequest", (_, reply, done) => {
    reply.headers({
      "content-security-policy": contentSecurityPolicy,
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "cache-control": "no-store",
    })
    done()
  })

  function requireSession({ headers }: FastifyRequest): void {
    const token = new RegExp(`(?:^|;\\s*)${cookieName}=([\\w-]+)`).exec(headers.cookie ?? "")?.[1] ?? ""
    if ((sessions.get(token) ?? 0) > Date.now()) return
    throw new RequestError(401, "locked", "The session has ended. Open the live page with its key.")
  }

  app.register(async login => {
    await login.register(rateLimit, { max: maxLoginsPerMinute, timeWindow: 60_000 })
    login.post("/live/session", async ({ body }, reply) => {
      const { key: given } = Object(body) as { key?: unknown }
      if (typeof given !== "string" || !timingSafeEqual(toDigest(given), toDigest(key))) {
        throw new RequestError(401, "locked", "The key of the live page is wrong.")
      }
      const token = randomBytes(32).toString("base64url")
      sessions.set(token, Date.now() + sessionSeconds * 1_000)
      for (const oldest of sessions.keys()) if (sessions.size > maxSessions) sessions.delete(oldest)
      const cookie = `${cookieName}=${token}; Path=/live; HttpOnly; SameSite=Strict; Max-Age=${sessionSeconds}`
      return reply.header("set-cookie", cookie).send({ success: true })
    })
  })

  app.get("/live/stream", (request, reply) => {
    requireSession(request)
    if (!streams.hasRoom()) {
      throw new RequestError(503, "overloaded", "Too many live pages are open. Close one of them.", 5)
    }
    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value)
    }
    streams.open(reply.raw)
  })

  app.get<{ Params: { id: string } }>("/live/events/:id", async request => {
    requireSession(request)
    const details = hub.find(Number(request.params.id))
    if (details === undefined)
      throw new RequestError(404, "not_found", "The event is no longer in the sample.")
    return details
  })

  if (pageFolder === undefined) {
    app.get("/live", async () => {
      throw new RequestError(503, "not_found", "The live page is not built. Run `pnpm build`.")
    })
    return
  }
  app.register(fastifyStatic, { root: pageFolder, prefix: "/live/", index: false, cacheControl: false })
  app.get("/live", (_, reply) => reply.sendFile("index.html"))
}

const toDigest = (text: string) => createHash("sha256").update(text).digest()
