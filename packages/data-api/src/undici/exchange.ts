import { brotliDecompressSync, constants, unzipSync } from "node:zlib"
import type { Dispatcher } from "undici"
import { type FetchResponse, headerOf } from "../http/fetch.ts"

/** A request as undici's dispatchers take it, and its timeout. */
export type Exchange = Dispatcher.DispatchOptions & { timeoutMs: number }

/**
 * Sends one request, which is in `running` until its response has ended. undici's `request` with an AbortSignal for the
 * timeout does the same, but costs a third of the throughput with large bodies, because it keeps them in memory for longer.
 */
export function exchange(
  dispatcher: Dispatcher,
  { timeoutMs, ...options }: Exchange,
  running: Set<Promise<unknown>>,
): Promise<FetchResponse> {
  return new Promise((resolve, reject) => {
    let over: () => void = () => {}
    const whole = new Promise<void>(resolve => {
      over = resolve
    })
    running.add(whole)
    const finish = () => {
      clearTimeout(timer)
      running.delete(whole)
      over()
    }
    let abort: ((reason: Error) => void) | undefined
    let timeout: Error | undefined
    const timer = setTimeout(() => {
      timeout = Object.assign(new Error("The request timed out."), { name: "TimeoutError" })
      abort?.(timeout)
      // It may still wait for a connection. Then nothing is sent.
      reject(timeout)
      finish()
    }, timeoutMs)

    let answer: ReturnType<typeof createAnswer> | undefined
    dispatcher.dispatch(options, {
      onRequestStart(controller) {
        abort = reason => controller.abort(reason)
        if (timeout !== undefined) abort(timeout)
      },
      onResponseStart(controller, status, headers) {
        // Informational responses such as 100 Continue come first.
        if (status < 200) return
        answer = createAnswer(status, headers, controller)
        resolve(answer.response)
      },
      onResponseData: (_, chunk) => answer?.take(chunk),
      onResponseEnd() {
        finish()
        answer?.end()
      },
      onResponseError(_, error) {
        finish()
        reject(error)
        answer?.end(error)
      },
    })
  })
}

/** Decodes a body that was compressed although `identity` was asked for. Of a larger one a byte too much is returned. */
function decode(body: Buffer, encoding: string | undefined, maxBytes: number): Buffer {
  if (encoding === undefined || encoding === "identity" || body.length === 0) return body
  // A bomb must not fill the memory.
  const options = {
    maxOutputLength: Math.min(maxBytes + 1, 2 ** 31 - 1),
    finishFlush: constants.Z_SYNC_FLUSH,
  }
  try {
    return encoding === "br"
      ? brotliDecompressSync(body, { maxOutputLength: options.maxOutputLength })
      : unzipSync(body, options)
  } catch {
    return body
  }
}

/** A response whose body is collected as it arrives. */
function createAnswer(
  status: number,
  headers: FetchResponse["headers"],
  controller: Dispatcher.DispatchController,
) {
  const chunks: Buffer[] = []
  let bytes = 0
  let maxBytes = Number.POSITIVE_INFINITY
  let end: (error?: Error) => void = () => {}
  const ended = new Promise<void>((resolve, reject) => {
    end = error => (error === undefined || response.isTruncated === true ? resolve() : reject(error))
  })
  // The caller may never read the body.
  ended.catch(() => {})

  const response: FetchResponse = {
    status,
    headers,
    async text(most) {
      maxBytes = most
      truncate()
      await ended
      const body = decode(Buffer.concat(chunks), headerOf(headers, "content-encoding"), maxBytes)
      if (body.length > maxBytes) response.isTruncated = true
      return body.toString("utf8", 0, maxBytes)
    },
  }

  function truncate(): void {
    if (bytes <= maxBytes || response.isTruncated === true) return
    response.isTruncated = true
    controller.abort(new Error("The response is too large."))
  }

  return {
    response,
    take(chunk: Buffer) {
      if (response.isTruncated === true) return
      chunks.push(chunk)
      bytes += chunk.length
      truncate()
    },
    end: (error?: Error) => end(error),
  }
}
