import { isUtf8 } from "node:buffer"
import { promisify } from "node:util"
import { brotliDecompress, gunzip, inflate } from "node:zlib"
import { RequestError } from "./request-error.ts"

const decoders = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const

/**
 * Parses a body as JSON, whatever its content type: browsers send JSON as text/plain, because that needs no preflight.
 *
 * @param encoding the header Content-Encoding
 * @param maxBytes the most bytes after decompression
 * @throws RequestError if the body cannot be decompressed, or is not JSON in UTF-8
 */
export function parseBody(body: Buffer, encoding: string | undefined, maxBytes: number): unknown {
  const name = encoding?.trim().toLowerCase() ?? ""
  if (name === "" || name === "identity") return parseJson(body)
  return decompress(body, name, maxBytes).then(parseJson)
}

async function decompress(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  if (!Object.hasOwn(decoders, encoding)) {
    const known = Object.keys(decoders).join(", ")
    throw new RequestError(
      415,
      "unsupported_encoding",
      `The body has an unknown Content-Encoding. Use one of ${known}.`,
    )
  }
  try {
    return await decoders[encoding as keyof typeof decoders](body, { maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw toTooLargeError(maxBytes)
    throw new RequestError(400, "invalid_body", `The body is not valid ${encoding}.`)
  }
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw new RequestError(400, "invalid_body", "The body is empty. Send JSON.")
  if (!isUtf8(body)) throw new RequestError(400, "invalid_body", "The body is not valid UTF-8.")
  const text = body.toString()
  try {
    return JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text)
  } catch (error) {
    throw new RequestError(400, "invalid_body", `The body is not valid JSON${describePosition(error)}.`)
  }
}

const byteOrderMark = 0xfeff

/** The message of V8 quotes the text around the position, and that is part of an event. */
function describePosition(error: unknown): string {
  const [, position] = /at position (\d+)/.exec((error as Error).message) ?? []
  return position === undefined ? "" : `: see position ${position}`
}

export function toTooLargeError(maxBytes: number): RequestError {
  return new RequestError(
    413,
    "body_too_large",
    `The body is larger than ${maxBytes} bytes. Send fewer events at once.`,
  )
}
