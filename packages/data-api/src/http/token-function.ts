import { DeliveryError, type SinkError } from "@singlesink/core"
import { toInvalidOptionsError } from "@singlesink/core/validation"
import { type Credentials, isToken, type TokenFunction, toBearer } from "./credentials.ts"
import { withTimeout } from "./with-timeout.ts"

/** Credentials from a token function, which is called for each request and may fail or never return. */
export function toRenewableCredentials(token: TokenFunction): Credentials {
  return {
    isRenewable: true,
    async authorize(leftMs) {
      let current: unknown
      try {
        current = await withTimeout(leftMs, token())
      } catch {
        return toUnavailableError()
      }
      return isToken(current) ? toBearer(current) : toInvalidTokenError(current)
    },
  }
}

/** The error of the function is not shown, because it may contain anything. */
function toUnavailableError(): DeliveryError {
  const message = "The `token` function threw, or did not return in time. Fix it."
  return new DeliveryError({ code: "token_unavailable", message })
}

function toInvalidTokenError(token: unknown): SinkError {
  const found = typeof token === "string" ? describeText(token) : `is of type ${typeof token}`
  const message = `\`token\` must return printable ASCII without spaces and line breaks; what it returned ${found}`
  return toInvalidOptionsError("createDataApi", [{ path: "token", message }])
}

function describeText(text: string): string {
  if (text === "") return "is empty"
  if (text.trim() !== text) return "starts or ends with a space or a line break"
  return "contains another character"
}
