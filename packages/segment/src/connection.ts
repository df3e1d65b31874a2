import type { RequestClient } from "@segment/actions-core"
import { createDataApi, type DataApi, type Fetch } from "@singlesink/data-api"
import { lookupPublicHost } from "@singlesink/data-api/public-hosts"
import { createDeadline, type Deadline, endAfter } from "./deadline.ts"
import { toFetch } from "./host.ts"
import { type ResolvedSettings, resolveSettings, type Settings } from "./settings.ts"

export interface ConnectionOptions {
  protocol: "https" | "http"
  forbidPrivateHosts: boolean
  /** How long the whole call may take. */
  timeoutMs: number
}

/** What Segment passes with each call, and how the destination was created. */
export interface SegmentCall<Options extends ConnectionOptions = ConnectionOptions> {
  options: Options
  request: RequestClient
  settings: ResolvedSettings
  deadline: Deadline
  /**
   * Looks up the host if it has to be public, once for each call. Its name has to be checked before.
   *
   * @throws ConfigError if the host must not be reached; DeliveryError if this is not known
   */
  checkHost(): Promise<void>
}

/** One request leaves time for others before the deadline of its call. */
const requestTimeoutMs = 8_000

export function createCall<Options extends ConnectionOptions>(
  options: Options,
  request: RequestClient,
  given: Settings,
): SegmentCall<Options> {
  const settings = resolveSettings(given)
  const deadline = createDeadline(options.timeoutMs)
  let lookup: Promise<unknown> | undefined
  return {
    ...{ options, request, settings, deadline },
    async checkHost() {
      if (!options.forbidPrivateHosts) return
      lookup ??= lookupPublicHost(new URL(`https://${settings.host}`).hostname)
      await endAfter(deadline.leftMs(), lookup, deadline.toError)
    },
  }
}

/**
 * A client for the database of the settings, or for another one.
 *
 * @throws ConfigError with every mistake in the settings, or if the host must not be reached
 */
export async function connect(call: SegmentCall, database?: string): Promise<DataApi> {
  const api = open(call, toFetch(call.request, call.deadline), database)
  await call.checkHost()
  return api
}

/**
 * The same over any HTTP client, without the lookup of the host.
 *
 * @throws ConfigError with every mistake in the settings
 */
export function open(
  { options, settings }: SegmentCall,
  fetch: Fetch,
  database: string = settings.database,
): DataApi {
  const { host, port, username, password } = settings
  const rest = { username, password, database, timeoutMs: requestTimeoutMs, fetch }
  // With http the host and the port are part of a URL. This checks them as settings first.
  const api = createDataApi({ host, port, ...rest })
  if (options.protocol === "https") return api
  return createDataApi({ url: `http://${host}:${port}`, allowInsecure: true, ...rest })
}
