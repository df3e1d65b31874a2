import { createSink } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import type { StartHost } from "./host.ts"

/** Runs core and data-api in plain Node, as the README shows them, without a host. */
export const startPlainHost: StartHost = ({ table, ...server }) => {
  const sink = createSink({ transport: createDataApi(server), table })
  return {
    async deliver(events) {
      const outcomes = await sink.writeBatch(events as Record<string, unknown>[])
      return outcomes.map(outcome => outcome.status)
    },
  }
}
