import { once } from "node:events"
import type { AddressInfo, Server, Socket } from "node:net"

export interface Listener {
  port: number
  /** Closes the server and all open connections, also those without an HTTP request. */
  close(): Promise<void>
}

/** Rejects if the port is taken. */
export async function listen(server: Server, port: number, host: string): Promise<Listener> {
  const open = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    open.add(socket)
    socket.once("close", () => open.delete(socket))
  })
  server.listen(port, host)
  await once(server, "listening")
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const ended = once(server, "close")
      server.close()
      for (const socket of open) socket.destroy()
      await ended
    },
  }
}
