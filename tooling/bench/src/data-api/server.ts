import type { AddressInfo } from "node:net"
import { createDiscardingServer } from "./discard.ts"

// A process of its own, so that its CPU time is not the client's; process.ts starts it.
const [delayMs] = process.argv.slice(2)
const server = createDiscardingServer(Number(delayMs))
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port))
// Whoever started it is gone.
process.once("disconnect", () => process.exit())
