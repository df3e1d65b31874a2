import type { Dispatcher } from "undici"
import type { FetchResponse } from "../fetch.ts"

/** One request as undici's dispatchers take it, and the time that it may take as a whole. */
export type Exchange = Dispatcher.DispatchOptions & { timeoutMs: number }

/**
 * One request and its answer; it is in `running` until both are over. undici's own `request` does the same with an
 * AbortSignal for the time, which costs a third of the throughput where bodies are large: a megabyte of memory is held
 * for longer than it is needed.
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
      // It may wait for a connection still; then nothing is sent.
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
        // 100 Continue and the like come before the answer.
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

/** An answer whose body is gathered as it comes. */
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
    end = error => (error === undefined || response.cut === true ? resolve() : reject(error))
  })
  // Nobody may ask for the body.
  ended.catch(() => {})

  const response: FetchResponse = {
    status,
    headers,
    async text(most) {
      maxBytes = most
      cutWhereLong()
      await ended
      return Buffer.concat(chunks).toString("utf8", 0, maxBytes)
    },
  }

  function cutWhereLong(): void {
    if (bytes <= maxBytes || response.cut === true) return
    response.cut = true
    controller.abort(new Error("More of the answer is not wanted."))
  }

  return {
    response,
    take(chunk: Buffer) {
      if (response.cut === true) return
      chunks.push(chunk)
      bytes += chunk.length
      cutWhereLong()
    },
    end: (error?: Error) => end(error),
  }
}
