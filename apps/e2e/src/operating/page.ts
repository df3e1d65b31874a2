import type { Failure } from "@singlesink/data-api"

/** Matches the table in the page, with its markers. */
const section = /(<!-- failures: [^\n]*-->\n).*?(<!-- end -->)/s

/** The page with this table of failures. */
export function withFailures(page: string, failures: readonly Failure[]): string {
  if (!section.test(page))
    throw new Error("The page has no place for the table: <!-- failures: … --> and <!-- end -->.")
  const table = ["| response | code | class | ambiguous |", "| --- | --- | --- | --- |"]
  for (const failure of failures) table.push(toLine(failure))
  return page.replace(section, (_, begin, end) => `${begin}\n${table.join("\n")}\n\n${end}`)
}

function toLine(failure: Failure): string {
  const { error, code } = failure
  const maybe = error === "DeliveryError" && failure.ambiguous ? "yes" : "no"
  return `| ${toSigns(failure).join("; ")} | [${code}](#${code}) | \`${error}\` | ${maybe} |`
}

/** The signs that identify the failure. */
function toSigns(failure: Failure): string[] {
  const { text, engineCodes, statuses, minStatus, systemCode, thrownMessage, otherwise } = failure
  return [
    text && `text ${toCode(text.source)}`,
    engineCodes && `engine ${engineCodes.join(", ")}`,
    statuses && `HTTP ${statuses.join(", ")}`,
    minStatus === undefined ? undefined : `HTTP ${minStatus} and higher`,
    systemCode && `no response, code ${toCode(systemCode.source)}`,
    thrownMessage && `no response, text ${toCode(thrownMessage.source)}`,
    otherwise && (otherwise === "response" ? "any other response" : "any other request without a response"),
  ].filter(sign => sign !== undefined)
}

function toCode(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``
}
