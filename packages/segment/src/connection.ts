import type { RequestClient } from "@segment/actions-core"
import { createDataApi, type DataApi, type Fetch } from "@singlesink/data-api"
import { toFetch } from "./host.ts"
import { refusePrivateHost } from "./private-hosts.ts"
import type { Settings } from "./settings.ts"

export interface ConnectionOptions {
  protocol: "https" | "http"
  forbidPrivateHosts: boolean
}

/** Segment ends a call after 10 seconds; an answer of ours is better than an end. */
const timeoutMs = 8_000

/**
 * A client for the database of the settings, or another one. The framework does not check settings where events are
 * sent, so all of them are checked here.
 *
 * @throws ConfigError that lists every mistake in the settings
 */
export async function connect(
  options: ConnectionOptions,
  request: RequestClient,
  settings: Settings,
  database?: string,
): Promise<DataApi> {
  const api = open(options, toFetch(request), settings, database)
  await checkHost(options, settings)
  return api
}

/** @throws ConfigError where the host is one that must not be reached */
export async function checkHost(
  { forbidPrivateHosts }: ConnectionOptions,
  { host }: Settings,
): Promise<void> {
  if (forbidPrivateHosts) await refusePrivateHost(host)
}

/**
 * The same over any client, without a look at the host.
 *
 * @throws ConfigError that lists every mistake in the settings
 */
export function open(
  { protocol }: ConnectionOptions,
  fetch: Fetch,
  { host, port, username, password, dbName }: Settings,
  database: string = dbName,
): DataApi {
  const given = port === undefined || port === "" ? 443 : Number(port)
  return createDataApi({
    ...(protocol === "http"
      ? { url: `http://${host}:${given}`, allowInsecure: true }
      : { host, port: given }),
    username,
    password,
    database,
    timeoutMs,
    fetch,
  })
}
