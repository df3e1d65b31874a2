import type { RequestClient } from "@segment/actions-core"
import { createDataApi, type DataApi, type Fetch } from "@singlesink/data-api"
import { lookupPublicHost } from "@singlesink/data-api/public-hosts"
import { toFetch } from "./host.ts"
import type { Settings } from "./settings.ts"

export interface ConnectionOptions {
  protocol: "https" | "http"
  forbidPrivateHosts: boolean
}

/** What Segment passes with each call, and how the destination was created. */
export interface SegmentCall<Options extends ConnectionOptions = ConnectionOptions> {
  options: Options
  request: RequestClient
  settings: Settings
}

/** Segment ends a call after 10 seconds. An error of ours says more. */
const timeoutMs = 8_000

/**
 * A client for the database of the settings, or for another one. actions-core does not validate settings when events are
 * sent, so they are checked here.
 *
 * @throws ConfigError with every mistake in the settings
 */
export async function connect(call: SegmentCall, database?: string): Promise<DataApi> {
  const api = open(call, toFetch(call.request), database)
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
  database: string = settings.dbName,
): DataApi {
  const { host, port, username, password } = settings
  const portNumber = port === undefined || port === "" ? 443 : Number(port)
  return createDataApi({
    ...(options.protocol === "http"
      ? { url: `http://${host}:${portNumber}`, allowInsecure: true }
      : { host, port: portNumber }),
    username,
    password,
    database,
    timeoutMs,
    fetch,
  })
}
