import type { RequestClient } from "@segment/actions-core"
import { createDataApi, type DataApi, type Fetch } from "@singlesink/data-api"
import { lookupPublicHost } from "@singlesink/data-api/public-hosts"
import type { Deadline } from "./deadline.ts"
import { toFetch } from "./host.ts"
import type { ResolvedSettings } from "./settings.ts"

export interface ConnectionOptions {
  protocol: "https" | "http"
  forbidPrivateHosts: boolean
}

/** What Segment passes with each call, and how the destination was created. */
export interface SegmentCall<Options extends ConnectionOptions = ConnectionOptions> {
  options: Options
  request: RequestClient
  settings: ResolvedSettings
  deadline: Deadline
}

/** One request leaves time for others before the deadline of its call. */
const timeoutMs = 8_000

/**
 * A client for the database of the settings, or for another one.
 *
 * @throws ConfigError with every mistake in the settings
 */
export async function connect(call: SegmentCall, database?: string): Promise<DataApi> {
  const api = open(call, toFetch(call.request, call.deadline), database)
  await checkHost(call)
  return api
}

/** @throws ConfigError if the host must not be reached */
export async function checkHost({ options, settings }: SegmentCall): Promise<void> {
  if (options.forbidPrivateHosts) await lookupPublicHost(new URL(`https://${settings.host}`).hostname)
}

/**
 * The same over any HTTP client, without the check of the host.
 *
 * @throws ConfigError with every mistake in the settings
 */
export function open(
  { options, settings }: SegmentCall,
  fetch: Fetch,
  database: string = settings.database,
): DataApi {
  const { host, port, username, password } = settings
  const rest = { username, password, database, timeoutMs, fetch }
  // With http the host and the port are part of a URL. This checks them as settings first.
  const api = createDataApi({ host, port, ...rest })
  if (options.protocol === "https") return api
  return createDataApi({ url: `http://${host}:${port}`, allowInsecure: true, ...rest })
}
