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

/** Advice for programmers, and what helps those who fill in a form. */
const advice: readonly (readonly [RegExp, string])[] = [
  // Some servers also say so to a user without any right on it.
  [
    /The (database|table) does not exist\. Create it, or correct its name/g,
    "The $1 does not exist, or the user may not see it. Create it, grant the user INSERT, or correct its name",
  ],
  [/Check `url`, the credentials/g, "Check Host, Port, Username, Password"],
  [/Set `database`\./g, "Fill in Database Name."],
  [/, or lower `limits\.maxInFlight`/g, ""],
  [/, or set `tls\.ca` or `tls\.cert`/g, ""],
  [/, or an http:\/\/ URL/g, ""],
  [/, or undiciFetch/g, ""],
  [/, or remove it from the columns\./g, ", or remove the field from the mapping."],
  [/, or add it to the columns\./g, "."],
  [/Add them to the proxy URL\./g, "Ask the operator of the proxy."],
  [/ with the sink's\./g, " with those that the destination needs."],
]

/** The message of an error in the words of Segment's form. */
export function toFormMessage({ code, message, issues = [] }: SinkError): string {
  if (code === "invalid_options" && issues.length > 0) {
    const problems = issues.map(issue => toLabels(issue.message))
    return `${problems.join(". ")}. Correct this in Segment. [${code}]`
  }
  return advice.reduce((text, [phrase, words]) => text.replace(phrase, words), message)
}

function toLabels(problem: string): string {
  return problem
    .replace(/ or `token`/, "")
    .replace(/^`(\w+)`/, (option, name: string) =>
      Object.hasOwn(labels, name) ? String(labels[name]) : option,
    )
}
