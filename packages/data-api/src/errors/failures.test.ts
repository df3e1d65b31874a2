import { describe, expect, test } from "vitest"
import { engineCodeOf, findFailure, toFailureText } from "./failures.ts"
import { failures } from "./network-failures.ts"

// Each documented engine code and status, and those that established clients handle, once.
const responses: [status: number, text: string, code: string, ambiguous?: true][] = [
  [400, "Error reading request body: http: request body too large", "request_too_large"],
  [413, "", "request_too_large"],
  [401, "", "not_from_database"],
  [400, "Error 1045 (28000): Access denied", "access_denied"],
  [403, "", "not_from_database"],
  [400, "Error 1044 (42000): Access denied to database", "permission_denied"],
  [400, "Error 1142 (42000): INSERT command denied", "permission_denied"],
  [400, "Error 1046 (3D000): No database selected", "database_not_selected"],
  [400, "Error 1049 (42000): Unknown database", "unknown_database"],
  [500, "Error 1146 (42S02): Table 'db.t' doesn't exist", "unknown_table"],
  [400, "Error 1146: Table 'db.t' doesn't exist", "unknown_table"],
  [400, "Error 1054 (42S22): Unknown column", "unknown_column"],
  [400, "Error 1064 (42000): You have an error in your SQL syntax", "sql_error"],
  [415, "Content-Type", "not_from_database"],
  ...[1048, 1264, 1265, 1292, 1366, 1406, 1441, 3140].map((code): [number, string, string] => [
    400,
    `Error ${code} (22007): A value.`,
    "value_rejected",
  ]),
  [400, "Error 1364 (HY000): Field 'tenant' doesn't have a default value", "missing_column"],
  [400, "Error 1062 (23000): Duplicate entry", "duplicate_key"],
  [400, "Error 1205 (HY000): Lock wait timeout exceeded", "lock_timeout"],
  [400, "Error 1213 (40001): Deadlock", "lock_timeout"],
  [400, "Error 1712 (HY000): Not enough memory", "database_out_of_memory"],
  [400, "Error 1720 (HY000): Maximum table memory", "database_out_of_memory"],
  [400, "Error 2269 (HY000): The database recovers", "recovering"],
  [400, "Error 1040 (08004): Too many connections", "overloaded"],
  [400, "Error 1203 (42000): Too many user connections", "overloaded"],
  [429, "", "overloaded"],
  [400, "Error 1317 (70100): Query execution was interrupted", "statement_interrupted"],
  [400, "Error 1885 (HY000): The plan is missing", "statement_interrupted"],
  ...[1158, 1159, 1160, 1161, 2004, 2006, 2012, 2013, 2014].map((code): [number, string, string, true] => [
    500,
    `Error ${code} (08S01): Lost.`,
    "connection_lost",
    true,
  ]),
  [404, "page not found", "not_from_database"],
  [405, "", "not_from_database"],
  [200, "<html>", "not_from_database", true],
  [302, "", "not_from_database"],
  [307, "", "not_from_database"],
  [0, "", "not_from_database"],
  [408, "", "timeout"],
  [504, "", "timeout", true],
  [503, "", "server_unavailable"],
  [500, "partitions offline", "server_unavailable", true],
  [502, "", "server_unavailable", true],
  [522, "no origin server", "server_unavailable", true],
]

// The start of the text comes first, then the engine code, then the status.
describe("failed responses", () => {
  test.each(responses)(
    "A response with status %i and the text %j is classified as %s",
    (status, text, code, ambiguous) => {
      expect(findFailure(failures, { status, text })).toMatchObject({ code, ...(ambiguous && { ambiguous }) })
      if (ambiguous === undefined)
        expect(findFailure(failures, { status, text })).not.toHaveProperty("ambiguous")
    },
  )

  test.each([
    [500, "Error 9999 (HY000): unknown"],
    [400, "Error 9999 (HY000): the lock timed out"],
    [400, "some text"],
    [418, "a teapot"],
  ])("A response with status %i and the text %j is classified as unexpected", (status, text) => {
    expect(findFailure(failures, { status, text }).code).toBe("unexpected_response")
  })

  test.each([
    [502, "upstream said: request body too large?", "server_unavailable"],
    [400, "Error 1146 (42S02): Table 'request body too large' doesn't exist", "unknown_table"],
    [
      400,
      "Error 1205 (HY000): waiting for 'Error reading request body: request body too large'",
      "lock_timeout",
    ],
    [200, "Error 1062 is what request body too large says", "not_from_database"],
  ])(
    "Words inside a value do not affect how status %i with the text %j is classified",
    (status, text, code) => {
      expect(findFailure(failures, { status, text }).code).toBe(code)
    },
  )
})

// The system code comes first, then the thrown message.
describe("requests without a response", () => {
  test.each<[string | undefined, string, string]>([
    ["ECONNREFUSED", "", "connection_failed"],
    ["EAI_AGAIN", "", "connection_failed"],
    ["EHOSTDOWN", "", "connection_failed"],
    ["ENETUNREACH", "", "connection_failed"],
    ["UND_ERR_CLOSED", "", "connection_failed"],
    ["EAI_FAIL", "", "connection_failed"],
    ["EAI_NODATA", "", "connection_failed"],
    ["ESERVFAIL", "", "connection_failed"],
    ["EMFILE", "TypeError fetch failed connect EMFILE 10.0.0.1:443", "connection_failed"],
    ["EACCES", "TypeError fetch failed connect EACCES 255.255.255.255:443", "connection_failed"],
    ["EPERM", "Error connect EPERM 10.0.0.1:443 - Local (0.0.0.0:0)", "connection_failed"],
    ["ETIMEDOUT", "TypeError fetch failed Error connect ETIMEDOUT 10.0.0.1:443", "connection_failed"],
    ["ETIMEDOUT", "TypeError fetch failed AggregateError ", "connection_failed"],
    ["ETIMEDOUT", "Error read ETIMEDOUT", "timeout"],
    ["EPERM", "Error write EPERM", "connection_lost"],
    ["CERT_HAS_EXPIRED", "", "untrusted_certificate"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "", "untrusted_certificate"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "", "untrusted_certificate"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "", "untrusted_certificate"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "", "untrusted_certificate"],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "", "untrusted_certificate"],
    ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", "", "untrusted_certificate"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "", "tls_handshake_failed"],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "", "tls_handshake_failed"],
    ["EPROTO", "", "tls_handshake_failed"],
    [undefined, "TypeError fetch failed bad port", "invalid_options"],
    ["ETIMEDOUT", "", "timeout"],
    ["UND_ERR_HEADERS_TIMEOUT", "", "timeout"],
    [undefined, "Fetch request exceeded 2000 ms", "timeout"],
    [undefined, "Proxy response (407) !== 200 when HTTP Tunneling", "access_denied"],
    [undefined, "Proxy response (502) !== 200 when HTTP Tunneling", "connection_failed"],
    ["ECONNRESET", "", "connection_lost"],
    ["EPIPE", "", "connection_lost"],
    [undefined, "fetch failed", "connection_lost"],
  ])(
    "A request that fails with the system code %s and the message %j is classified as %s",
    (systemCode, thrown, code) => {
      expect(findFailure(failures, { systemCode, thrownMessage: thrown }).code).toBe(code)
    },
  )
})

test.each([
  ["plain text", " Error 1146 (42S02): x\n", "Error 1146 (42S02): x"],
  ["a JSON string", '"Error 1146: x"', "Error 1146: x"],
  ["a JSON object", '{"code":1146,"message":"x"}', "Error 1146: x"],
  ["a nested JSON object", '{"error":{"code":1146,"message":"x"}}', "Error 1146: x"],
  ["an error that is a string", '{"error":"Error 1146: x"}', "Error 1146: x"],
  ["a JSON object without a code", '{"message":"no route"}', "no route"],
  ["an object without a message", '{"a":1}', '{"a":1}'],
  ["text that only starts like JSON", '{"a', '{"a'],
])("toFailureText reads the text of a failure from %s", (_, body, text) => {
  expect(toFailureText(body, 400)).toBe(text)
})

test("engineCodeOf reads the code with and without an SQL state, and only at the start of the text", () => {
  expect(engineCodeOf("Error 1146 (42S02): x")).toBe(1146)
  expect(engineCodeOf("Error 1146: x")).toBe(1146)
  expect(engineCodeOf("Oh, Error 1146: x")).toBeUndefined()
})

test("The table of failures lists each engine code and status once, and has two fallbacks", () => {
  const keys = failures.flatMap(({ engineCodes = [], statuses = [] }) => [
    ...engineCodes.map(code => `engine ${code}`),
    ...statuses.map(status => `status ${status}`),
  ])
  expect(new Set(keys).size).toBe(keys.length)
  expect(failures.map(({ otherwise }) => otherwise).filter(Boolean)).toEqual(["response", "no response"])
})
