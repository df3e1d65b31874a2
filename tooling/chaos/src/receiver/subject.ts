import { createDataApi } from "@singlesink/data-api"
import { undiciFetch } from "@singlesink/data-api/undici"
import { createReceiver } from "@singlesink/receiver"
import { measureMemory } from "../memory.ts"
import type { SubjectOptions } from "./process.ts"

// The process that is killed. It runs the receiver as an application does.

const { databaseUrl, table, port, writeKey, deadLetters, requestTimeoutMs }: SubjectOptions = JSON.parse(
  process.argv[2] ?? "{}",
)
const fetch = undiciFetch({ connections: 4 })
const credentials = { username: "root", password: "", database: "events" }
const receiver = createReceiver({
  database: createDataApi({ url: databaseUrl, ...credentials, fetch, timeoutMs: 300 }),
  table,
  writeKeys: [writeKey],
  deadLetters,
  requestTimeoutMs,
  // The page keeps a sample of what arrives.
  live: { key: "a-key-of-the-live-page" },
  // Small limits cause many requests.
  limits: { maxBytes: 100_000, maxRows: 200, lingerMs: 2 },
  answerTimeoutMs: 2_000,
  shutdownTimeoutMs: 5_000,
})
process.on("message", async () => process.send?.(await measureMemory()))
process.once("SIGTERM", async () => {
  await receiver.close()
  await fetch.close()
  // After this nothing may keep the process alive.
  process.off("disconnect", exit)
  process.disconnect()
})
// The parent process is gone.
process.once("disconnect", exit)
function exit(): void {
  process.exit(1)
}

await receiver.listen({ host: "127.0.0.1", port })
process.send?.("listening")
