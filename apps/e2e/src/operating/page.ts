import type { Failure } from "@singlesink/data-api"

/** Where the page has the table, and what says so to a person who edits it. */
const section = /(<!-- failures: [^\n]*-->\n).*?(<!-- end -->)/s

/** The page with this table of failures in it. */
export function withFailures(page: string, failures: readonly Failure[]): string {
  if (!section.test(page))
    throw new Error("The page has no place for the table: <!-- failures: … --> and <!-- end -->.")
  const table = ["| what comes back | code | class | may be stored |", "| --- | --- | --- | --- |"]
  for (const failure of failures) table.push(toLine(failure))
  return page.replace(section, (_, begin, end) => `${begin}\n${table.join("\n")}\n\n${end}`)
}

function toLine(failure: Failure): string {
  const { error, code } = failure
  const maybe = error === "DeliveryError" && failure.ambiguous ? "yes" : "no"
  return `| ${toSigns(failure).join("; ")} | [${code}](#${code}) | \`${error}\` | ${maybe} |`
}

/** Everything that it is recognised by. */
function toSigns(failure: Failure): string[] {
  const { text, engineCodes, statuses, minStatus, systemCode, thrown, otherwise } = failure
  return [
    text && `text ${toCode(text.source)}`,
    engineCodes && `engine ${engineCodes.join(", ")}`,
    statuses && `HTTP ${statuses.join(", ")}`,
    minStatus === undefined ? undefined : `HTTP ${minStatus} and higher`,
    systemCode && `no answer, code ${toCode(systemCode.source)}`,
    thrown && `no answer, text ${toCode(thrown.source)}`,
    otherwise && `any other ${otherwise === "answer" ? "answer" : "request without an answer"}`,
  ].filter(sign => sign !== undefined)
}

function toCode(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``
}
