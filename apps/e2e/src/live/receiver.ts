import { createTableSql } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { startEmulator } from "@singlesink/emulator"
import { createReceiver } from "@singlesink/receiver"
import { z } from "zod"

export interface LiveReceiver {
  readonly url: string
  readonly liveKey: string
  /** Sends a batch. */
  send(events: object[]): Promise<void>
  /** Ends the receiver and starts another one on the same port. */
  restart(): Promise<void>
  close(): Promise<void>
}

const [writeKey, liveKey] = ["a-write-key", "a-key-of-the-live-page"]

const validate = {
  "Signed Up": z.looseObject({ properties: z.looseObject({ plan: z.string(), seats: z.number() }) }),
}

/** A receiver with a live page, and an emulator behind it. */
export async function startLiveReceiver(): Promise<LiveReceiver> {
  const emulator = await startEmulator()
  await emulator.exec(createTableSql({ table: "segment_data" }))
  const fetchDatabase = undiciFetch()
  const credentials = { username: "root", password: "", database: "events" }
  const database = createDataApi({ url: emulator.url, ...credentials, fetch: fetchDatabase })
  const listen = async (port: number) => {
    const app = createReceiver({
      database,
      writeKeys: [writeKey],
      validate,
      onViolation: "observe",
      live: { key: liveKey },
      shutdownTimeoutMs: 5_000,
    })
    return { app, url: await app.listen({ host: "127.0.0.1", port }) }
  }
  let receiver = await listen(0)
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`
  return {
    url: receiver.url,
    liveKey,
    async send(batch) {
      const body = JSON.stringify({ batch })
      const response = await fetch(`${receiver.url}/v1/batch`, {
        method: "POST",
        body,
        headers: { authorization },
      })
      await response.arrayBuffer()
    },
    async restart() {
      await receiver.app.close()
      receiver = await listen(Number(new URL(receiver.url).port))
    },
    async close() {
      await receiver.app.close()
      await fetchDatabase.close()
      await emulator.close()
    },
  }
}
