/** The part of TextDecoder that is used here. Every platform that streams bytes has it. */
interface TextDecoder {
  decode(bytes?: Uint8Array, options?: { stream: boolean }): string
}

/** The text of at most `maxBytes` bytes, and whether there were more, which are not read. */
export async function readText(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ text: string; isTruncated: boolean }> {
  const { TextDecoder } = globalThis as unknown as { TextDecoder: new () => TextDecoder }
  const decoder = new TextDecoder()
  let text = ""
  let left = maxBytes
  for await (const chunk of chunks) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true })
    if (chunk.length > left) return { text, isTruncated: true }
    left -= chunk.length
  }
  return { text: text + decoder.decode(), isTruncated: false }
}
