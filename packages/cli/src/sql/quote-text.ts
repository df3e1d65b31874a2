/** Text of the data in a message: in double quotes, with control characters escaped, and not too long. */
export function quoteText(text: string): string {
  const short = [...text].length > 60 ? `${[...text].slice(0, 60).join("")}…` : text
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
}
