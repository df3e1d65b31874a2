import type { IncomingMessage } from "node:http"

export interface Body {
  /** All bytes that came, also those past the limit. */
  bytes: number
  /** Undefined where the body is larger than the limit. */
  content: Buffer | undefined
}

/**
 * Reads a whole body. What is past the limit is read and dropped, so that the client can finish sending, read the
 * answer, and use the connection again. After `enough` bytes it stops, with the connection left as it is.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  enough: number = Number.POSITIVE_INFINITY,
): Promise<Body> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes <= maxBytes) chunks.push(chunk)
    else chunks.length = 0
    if (bytes >= enough) break
  }
  return { bytes, content: bytes <= maxBytes ? Buffer.concat(chunks) : undefined }
}
