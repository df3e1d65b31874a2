import { createHash, timingSafeEqual } from "node:crypto"

export type Verdict = "accepted" | "missing" | "wrong"

/** Compares a Basic header with the one user there is, in a time that does not depend on how much of it is right. */
export function createCredentialCheck(
  username: string,
  password: string,
): (header: string | undefined) => Verdict {
  const expected = digest(Buffer.from(`${username}:${password}`))
  return header => {
    if (header === undefined) return "missing"
    const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header.trim())?.[1]
    if (encoded === undefined) return "wrong"
    return timingSafeEqual(digest(Buffer.from(encoded, "base64")), expected) ? "accepted" : "wrong"
  }
}

/** Equal lengths, so that the comparison tells nothing about the length either. */
function digest(content: Buffer): Buffer {
  return createHash("sha256").update(content).digest()
}
