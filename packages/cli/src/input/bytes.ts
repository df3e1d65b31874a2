import { createReadStream } from "node:fs"
import { pipeline, Readable } from "node:stream"
import { createGunzip } from "node:zlib"
import { Decompress } from "fzstd"
import { type InputFile, stdinPath } from "./files.ts"

/** The content of a file ends too early: it is compressed, and cut off or damaged. */
export class TruncatedError extends Error {
  override name = "TruncatedError"
}

const chunkBytes = 256 * 1024

/**
 * Reads a file and decompresses gzip and zstd, which it recognises by their first bytes.
 *
 * @param onRead receives the bytes read from the disk
 * @throws TruncatedError after everything that could be decompressed
 */
export async function* readBytes(
  { path }: InputFile,
  stdin: Readable,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const source = path === stdinPath ? stdin : createReadStream(path, { highWaterMark: chunkBytes })
  const chunks = withFullStart(source, onRead)
  const first = await chunks.next()
  if (first.done === true) return
  const all = prepend(first.value, chunks)
  if (first.value.readUInt16BE(0) === 0x1f8b) yield* gunzip(all)
  else if (first.value.length >= 4 && first.value.readUInt32BE(0) === 0x28b52ffd) yield* unzstd(all)
  else yield* all
}

/** The chunks of a stream. The first has at least four bytes, if there are so many. */
async function* withFullStart(
  source: AsyncIterable<Buffer | string>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let start: Buffer = Buffer.alloc(0)
  let isStarted = false
  for await (const data of source) {
    const chunk = typeof data === "string" ? Buffer.from(data) : data
    onRead(chunk.length)
    if (isStarted) {
      yield chunk
      continue
    }
    start = Buffer.concat([start, chunk])
    if (start.length < 4) continue
    isStarted = true
    yield start
  }
  if (!isStarted && start.length > 0) yield start
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const output = createGunzip({ chunkSize: chunkBytes })
  // An error of the source destroys the output with the same error, so that it arrives below.
  pipeline(Readable.from(chunks), output, () => {})
  try {
    for await (const chunk of output) yield chunk as Buffer
  } catch (error) {
    throw /^Z_/.test((error as NodeJS.ErrnoException).code ?? "") ? toTruncatedError("gzip") : error
  }
}

async function* unzstd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decompressed: Buffer[] = []
  const decompress = new Decompress(data => decompressed.push(Buffer.from(data)))
  const push = (chunk: Buffer, isLast = false) => {
    try {
      decompress.push(chunk, isLast)
    } catch {
      throw toTruncatedError("zstd")
    }
  }
  for await (const chunk of chunks) {
    push(chunk)
    yield* decompressed
    decompressed = []
  }
  push(Buffer.alloc(0), true)
  yield* decompressed
}

function toTruncatedError(format: string): TruncatedError {
  return new TruncatedError(
    `The ${format} data is cut off or damaged. The records before this place are read.`,
  )
}
