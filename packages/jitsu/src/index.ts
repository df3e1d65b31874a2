/**
 * The function for a self-hosted Jitsu.
 *
 * @module @singlesink/jitsu
 */

import { createFunction, type JitsuDestination } from "./destination.ts"

/** How Jitsu lists the function, and after how many minutes it tries an event again. */
export const config: {
  slug: string
  name: string
  description: string
  retryPolicy: { retries: number; attempts: number; delays: number[] }
} = {
  slug: "singlestore",
  name: "SingleStore",
  description: "Stores every event in a SingleStore table, once.",
  // Some versions of Jitsu read `retries`, others `attempts`. By default Jitsu makes three, which last for a day.
  retryPolicy: { retries: 5, attempts: 5, delays: [1, 60, 1440, 1440, 1440] },
}

/** The function, which takes its settings from the properties of the connection in Jitsu. */
const destination: JitsuDestination = createFunction()

export default destination
export { createFunction, type JitsuDestination } from "./destination.ts"
export type { JitsuContext } from "./host.ts"
export type { JitsuSettings } from "./settings.ts"
