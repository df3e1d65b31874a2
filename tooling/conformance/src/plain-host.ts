import { createSink } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import type { StartHost } from "./host.ts"

/** The host that is no host: the two packages in plain Node, as the README shows them. */
export const startPlainHost: StartHost = ({ table, ...server }) => {
  const sink = createSink({ transport: createDataApi(server), table })
  return {
    async deliver(events) {
      const outcomes = await sink.writeBatch(events as Record<string, unknown>[])
      return outcomes.map(outcome => outcome.status)
    },
  }
}
