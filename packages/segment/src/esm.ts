import { createRequire } from "node:module"
import type { DestinationDefinition } from "@segment/actions-core"
import type { DestinationOptions, Settings } from "./index.ts"

const build: typeof import("./index.ts") = createRequire(import.meta.url)("./index.cjs")
const destination: DestinationDefinition<Settings> = build.default

export const createDestination: (options?: DestinationOptions) => DestinationDefinition<Settings> =
  build.createDestination
export default destination
export type { DestinationOptions, Settings } from "./index.ts"
