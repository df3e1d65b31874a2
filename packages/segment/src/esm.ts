import { createRequire } from "node:module"
import type { DestinationDefinition } from "@segment/actions-core"
import type { DestinationOptions, Settings } from "./index.ts"

const build: typeof import("./index.ts") = createRequire(import.meta.url)("./index.cjs")
/** The destination with the defaults of `createDestination`. */
const destination: DestinationDefinition<Settings> = build.default

/**
 * Creates the destination, which actions-core hosts.
 *
 * @throws ConfigError with every mistake in the options
 * @example
 * export default createDestination({ forbidPrivateHosts: true })
 */
export const createDestination: (options?: DestinationOptions) => DestinationDefinition<Settings> =
  build.createDestination
export default destination
export type { DestinationOptions, Settings } from "./index.ts"
