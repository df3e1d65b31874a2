import type { Server, Socket } from "node:net"

const tcpUnder = new WeakMap<Socket, Socket>()

/** Notes which TCP connection is under each TLS one: only that can be reset, and Node does not tell it. */
export function followTcp(server: Server): void {
  const open = new Map<string, Socket>()
  server.on("connection", (tcp: Socket) => {
    const peer = peerOf(tcp)
    open.set(peer, tcp)
    tcp.once("close", () => open.delete(peer))
  })
  server.on("secureConnection", (secure: Socket) => {
    const tcp = open.get(peerOf(secure))
    if (tcp !== undefined) tcpUnder.set(secure, tcp)
  })
}

/** Ends a connection by a TCP reset, also one under TLS. */
export function reset(socket: Socket | null): void {
  if (socket !== null) (tcpUnder.get(socket) ?? socket).resetAndDestroy()
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
