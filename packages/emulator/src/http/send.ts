import type { ServerResponse } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import type { Ending } from "../faults/act.ts"
import type { Strike } from "../faults/fault.ts"
import type { Answer } from "./endpoints.ts"
import { reset } from "./reset.ts"

/** Ends a request, at the pace and as completely as a fault lets it. */
export async function send(response: ServerResponse, ending: Ending, strike?: Strike): Promise<void> {
  // A client that has left gets nothing more.
  if (ending === "hang" || response.destroyed) return
  if (ending === "close") return void response.destroy()
  if (ending === "reset") return reset(response.socket)
  switch (strike?.kind) {
    case "slow_headers":
      await pause(response, strike.milliseconds)
      return whole(response, ending)
    case "slow_body":
      return inPieces(response, ending, strike.milliseconds)
    case "truncated":
      return half(response, ending)
    default:
      return whole(response, ending)
  }
}

function whole(response: ServerResponse, answer: Answer): void {
  head(response, answer)
  response.end(answer.text)
}

/** Without a length Node sends in chunks, and the last one never comes. */
function half(response: ServerResponse, answer: Answer): void {
  head(response, answer)
  response.write(answer.text.slice(0, Math.ceil(answer.text.length / 2)), () => response.destroy())
}

const pieces = 8

async function inPieces(response: ServerResponse, answer: Answer, milliseconds: number): Promise<void> {
  const content = Buffer.from(answer.text)
  head(response, answer)
  response.flushHeaders()
  for (let piece = 0; piece < pieces; piece++) {
    await pause(response, milliseconds / pieces)
    response.write(content.subarray(cut(content, piece), cut(content, piece + 1)))
  }
  response.end()
}

function cut(content: Buffer, piece: number): number {
  return Math.floor((content.byteLength * piece) / pieces)
}

function head(response: ServerResponse, { status, headers }: Answer): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...headers })
}

/** Rejects when the connection ends first, so that nothing waits for a client that has left. */
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
