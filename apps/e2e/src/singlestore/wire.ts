import type { Server } from "@singlesink/conformance"
import type { SinkError } from "@singlesink/core"
import { createDataApi } from "@singlesink/data-api"
import { Agent, request } from "undici"

/** An unparsed response of the Data API. */
export interface Reply {
  /** 0 if there was no response. */
  status: number
  /** The body, or the reason for a missing response. */
  text: string
  headers: Readonly<Record<string, unknown>>
  milliseconds: number
}

/** Raw requests to the Data API, without the data-api client. */
export interface Wire {
  post(path: string, body: string | Buffer, headers?: Record<string, string>): Promise<Reply>
  close(): Promise<void>
}

const timeoutMs = 60_000

export function openWire({ url, username, password }: Server): Wire {
  const dispatcher = new Agent()
  const base = url.replace(/\/+$/, "")
  return {
    async post(path, body, headers = {}) {
      const start = performance.now()
      const passed = () => Math.round(performance.now() - start)
      try {
        const answer = await request(`${base}${path}`, {
          method: "POST",
          headers: {
            authorization: toBasic(username, password),
            "content-type": "application/json",
            ...headers,
          },
          body,
          dispatcher,
          signal: AbortSignal.timeout(timeoutMs),
        })
        const text = await answer.body.text()
        return { status: answer.statusCode, text, headers: answer.headers, milliseconds: passed() }
      } catch (error) {
        const { code, name } = error as NodeJS.ErrnoException
        return { status: 0, text: `no response: ${code ?? name}`, headers: {}, milliseconds: passed() }
      }
    },
    close: () => dispatcher.close(),
  }
}

export function toBasic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`
}

/** The error that data-api throws for a response to exec, or undefined if it throws none. */
export async function errorOf({ status, text }: Reply): Promise<SinkError | undefined> {
  // Nothing is sent. The client reads the existing response.
  const options = { url: "http://localhost", username: "unused", password: "", database: "none" }
  const fetch = async () => {
    if (status === 0) throw Object.assign(new Error(text), { code: text.split(" ").at(-1) })
    return { status, headers: {}, text: () => text }
  }
  return createDataApi({ ...options, fetch })
    .exec("")
    .then(
      () => undefined,
      (error: SinkError) => error,
    )
}

/** The engine code in the text of an error. */
export function engineCodeOf({ text }: Reply): number | undefined {
  const [, code] = /^Error (\d+)/.exec(text) ?? []
  return code === undefined ? undefined : Number(code)
}
