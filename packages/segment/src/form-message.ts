import type { SinkError } from "@singlesink/core"

/** What the form calls the options of the packages below. */
const labels: Readonly<Record<string, string>> = {
  host: "Host",
  port: "Port",
  username: "Username",
  password: "Password",
  database: "The database name",
  table: "The table name",
}

/** Phrases for programmers in messages of the packages below, and words for those who fill in a form. */
export const phrases: readonly (readonly [phrase: string, words: string])[] = [
  // Some servers also say so to a user without any right on it.
  [
    "does not exist. Create it, or correct its name",
    "does not exist, or the user may not see it. Create it, grant the user INSERT, or correct its name",
  ],
  // The columns of the form are always sent. The error about any other column has its own advice.
  ["Add it, or remove it from the columns.", "Add it."],
  ["Give it a default, or add it to the columns.", "Give it a default, or allow NULL."],
  ["with the sink's.", "with those that the destination needs."],
  ["Check `url`, the credentials, and", "Check Host, Port, Username, Password, and"],
  ["Set `database`.", "Fill in Database Name."],
  [", or the token.", "."],
  [" or `token` is required", " is required"],
  ["or set `tls.ca` or `tls.cert`.", "or use one of a public authority."],
  ["Use the HTTPS port, or an http:// URL.", "Enter the HTTPS port in Port."],
  [
    "The platform's fetch blocks this port. Use another port, or undiciFetch.",
    "The HTTP client blocks this port. Use another port.",
  ],
  ["Add them to the proxy URL.", "Ask the operator of the proxy."],
  ["it is not an extended ISO 8601 date or time", "it has no known form"],
  [
    "Expected extended ISO 8601, a Date, or epoch milliseconds.",
    "Expected ISO 8601, RFC 2822 or epoch milliseconds.",
  ],
  // Segment's events are JSON, so nothing else can be wrong with them.
  ["(a cycle, a BigInt, too deep, or toJSON throws)", "(it is nested too deeply)"],
]

/** The message of an error in the words of Segment's form. */
export function toFormMessage({ code, message, issues = [] }: SinkError): string {
  const text =
    code === "invalid_options" && issues.length > 0
      ? `${issues.map(issue => toLabel(issue.message)).join(". ")}. Correct this in Segment. [${code}]`
      : message
  return phrases.reduce((text, [phrase, words]) => text.replaceAll(phrase, words), text)
}

/** A problem with an option, which it begins with, as one with a field of the form. */
function toLabel(problem: string): string {
  return problem.replace(/^`(\w+)`/, (option, name: string) =>
    Object.hasOwn(labels, name) ? String(labels[name]) : option,
  )
}
