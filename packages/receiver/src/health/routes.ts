import type { FastifyInstance } from "fastify"
import type { Metrics } from "./metrics.ts"
import type { ReadinessCheck } from "./readiness.ts"

/** Registers what load balancers and Prometheus ask. */
export function registerHealthRoutes(
  app: FastifyInstance,
  readiness: ReadinessCheck,
  metrics: Metrics,
): void {
  app.get("/health", async () => ({ status: "ok" }))

  app.get("/ready", async (_, reply) => {
    const answer = await readiness.check()
    if (answer.isReady) return { status: "ready" }
    const { code, reason } = answer
    return reply.code(503).send({ status: "not_ready", code, reason })
  })

  app.get("/metrics", async (_, reply) => reply.type(metrics.contentType).send(await metrics.render()))
}
