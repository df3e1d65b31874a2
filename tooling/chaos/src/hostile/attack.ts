import { connect } from "node:net"
import type { HostileRequest } from "./requests.ts"

/**
 * Sends a hostile request on its own connection.
 *
 * @returns how long the server took to answer or to close; undefined if it did neither in time
 */
export function attack(
  port: number,
  request: HostileRequest,
  timeoutMs: number,
): Promise<number | undefined> {
  return new Promise(resolve => {
    const startedAt = performance.now()
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true })
    const timer = setTimeout(() => end(undefined), timeoutMs)

    function end(milliseconds: number | undefined): void {
      clearTimeout(timer)
      socket.destroy()
      resolve(milliseconds)
    }
    const finish = () => end(performance.now() - startedAt)

    // The server may close while the request is written.
    socket.on("error", finish)
    socket.on("close", finish)
    socket.on("end", finish)
    socket.on("data", finish)
    socket.on("connect", () => {
      socket.write(request.bytes, () => {
        if (request.ending === "break") finish()
        else if (request.ending === "half_close") socket.end()
      })
    })
  })
}
