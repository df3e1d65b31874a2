import type { AddressInfo } from "node:net"
import { createDiscardingServer } from "./discard.ts"

// process.ts starts this file as a separate process, so that its CPU time does not count.
const [delayMs] = process.argv.slice(2)
const server = createDiscardingServer(Number(delayMs))
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port))
// The parent process is gone.
process.once("disconnect", () => process.exit())
