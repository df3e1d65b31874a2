/**
 * The destination for Segment Actions.
 *
 * @module @singlesink/segment
 */

import type { DestinationDefinition } from "@segment/actions-core"
import { createDestination } from "./destination.ts"
import type { Settings } from "./settings.ts"

/**
 * The destination with the defaults of `createDestination`.
 *
 * @example
 * const hosted = new Destination(destination)
 */
const destination: DestinationDefinition<Settings> = createDestination()

export default destination
export { createDestination } from "./destination.ts"
export type { DestinationOptions } from "./options.ts"
export type { Settings } from "./settings.ts"
