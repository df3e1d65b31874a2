import type { IncomingMessage } from "node:http"

export interface Body {
  /** The number of bytes received, including those over the limit. */
  bytes: number
  /** Undefined if the body is larger than the limit. */
  content: Buffer | undefined
}

/**
 * Reads a whole body. Bytes over the limit are read and dropped, so that the client can finish sending, read the answer,
 * and reuse the connection. After `enough` bytes reading stops and the connection stays as it is.
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
