/** A string in single quotes, safe for any characters. Escapes are those of MySQL. */
export function quoteString(text: string): string {
  return `'${text.replace(/['\\\n\r\0]/g, character => escapes[character] ?? "")}'`
}

const escapes: Readonly<Record<string, string>> = {
  "'": "''",
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\0": "\\0",
}
