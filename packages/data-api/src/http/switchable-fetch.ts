import type { Fetch } from "./fetch.ts"

/** A Fetch that passes its requests to another one. */
export interface SwitchableFetch extends Fetch {
  /** The HTTP client that requests go to from now on. */
  use(fetch: Fetch): void
}

/**
 * Creates a fetch for hosts that pass their HTTP client with each call: the client and its sinks are kept, and each call
 * switches to its own HTTP client first.
 *
 * @example
 * const fetch = createSwitchableFetch()
 * const transport = createTransport({ url, token, database, fetch })
 * fetch.use(toFetch(context))
 */
export function createSwitchableFetch(): SwitchableFetch {
  let current: Fetch = () => Promise.reject(new Error("No HTTP client is set."))
  return Object.assign<Fetch, Pick<SwitchableFetch, "use">>((url, request) => current(url, request), {
    use(fetch) {
      current = fetch
    },
  })
}
