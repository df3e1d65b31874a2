import type { ServerResponse } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { TLSSocket } from "node:tls"
import type { RequestFault } from "../faults/fault.ts"
import type { Ending } from "../faults/inject.ts"
import type { Answer } from "./endpoints.ts"

/** Ends a request, late or incompletely if a fault says so. */
export async function send(response: ServerResponse, ending: Ending, fault?: RequestFault): Promise<void> {
  if (ending === "hang" || response.destroyed) return
  if (ending === "close") return void response.destroy()
  if (ending === "reset") return reset(response)
  if (fault?.kind === "truncate") return sendHalf(response, ending)
  if (fault?.kind === "delay" && fault.part === "body")
    return sendInPieces(response, ending, fault.milliseconds)
  if (fault?.kind === "delay") await pause(response, fault.milliseconds)
  writeHead(response, ending)
  response.end(ending.text)
}

/** Only TCP can be reset, and Node does not expose the TCP connection under TLS, so that one is closed. */
function reset({ socket }: ServerResponse): void {
  if (socket instanceof TLSSocket) socket.destroy()
  else socket?.resetAndDestroy()
}

/** Without a length Node sends chunks, and the last chunk never arrives. */
function sendHalf(response: ServerResponse, answer: Answer): void {
  writeHead(response, answer)
  response.write(answer.text.slice(0, Math.ceil(answer.text.length / 2)), () => response.destroy())
}

/** Sends the headers and the first half, then the rest. */
async function sendInPieces(response: ServerResponse, answer: Answer, milliseconds: number): Promise<void> {
  writeHead(response, answer)
  response.write(answer.text.slice(0, Math.ceil(answer.text.length / 2)))
  await pause(response, milliseconds)
  response.end(answer.text.slice(Math.ceil(answer.text.length / 2)))
}

function writeHead(response: ServerResponse, { status, headers }: Answer): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers })
}

/** Rejects if the connection ends first, so that nothing waits for a client that has left. */
async function pause(response: ServerResponse, milliseconds: number): Promise<void> {
  const gone = new AbortController()
  const stop = () => gone.abort()
  if (response.destroyed) stop()
  response.once("close", stop)
  try {
    await sleep(milliseconds, undefined, { signal: gone.signal })
  } finally {
    response.off("close", stop)
  }
}
