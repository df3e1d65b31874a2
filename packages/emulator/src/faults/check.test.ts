import { expect, test } from "vitest"
import { checkFault } from "./check.ts"

test.each([
  ["no object", null, 'A fault must be an object with a "kind", not null.'],
  ["an array", [], 'A fault must be an object with a "kind", not [].'],
  [
    "no kind",
    {},
    'A fault\'s "kind" is missing: it must be one of status, engine_error, html, redirect, hang, reset, stale_socket, commit_then, truncated, slow_headers, slow_body, recovering, body_limit, wrong_password, refuse_rows, drop_table, recreate_table.',
  ],
  [
    "an unknown kind",
    { kind: "constructor" },
    'A fault\'s "kind" is "constructor": it must be one of status,',
  ],
  [
    "an unknown member",
    { kind: "hang", time: 2 },
    'A fault "hang" has no "time": it may have on, after, chance, times.',
  ],
  [
    "a missing member",
    { kind: "status" },
    'A fault "status" needs "status": it must be a whole number from 200 to 599.',
  ],
  [
    "a member that is undefined",
    { kind: "reset", at: undefined },
    'A fault "reset" needs "at": it must be "start" or "body" or "committed".',
  ],
  [
    "a wrong type",
    { kind: "status", status: "503" },
    '"status" of a fault "status" must be a whole number from 200 to 599, not "503".',
  ],
  [
    "a status out of range",
    { kind: "status", status: 100 },
    '"status" of a fault "status" must be a whole number from 200 to 599, not 100.',
  ],
  [
    "a date that is none",
    { kind: "status", status: 429, retryAfter: "soon" },
    '"retryAfter" of a fault "status" must be a whole number from 0 on or an HTTP date such as Tue, 01 Jan 2030 00:00:00 GMT, not "soon".',
  ],
  [
    "a date with a second header in its comment",
    { kind: "status", status: 429, retryAfter: "Jan 1 2030 (x\r\nX-Evil: 1)" },
    '"retryAfter" of a fault "status" must be a whole number from 0 on or an HTTP date such as',
  ],
  [
    "a date in another form than that of HTTP",
    { kind: "status", status: 429, retryAfter: "2030-01-01T00:00:00Z" },
    "such as Tue, 01 Jan 2030 00:00:00 GMT, not",
  ],
  [
    "the text of a date that is none",
    { kind: "status", status: 429, retryAfter: "Invalid Date" },
    "such as Tue, 01 Jan 2030 00:00:00 GMT, not",
  ],
  [
    "seconds that are not whole",
    { kind: "status", status: 429, retryAfter: 1.5 },
    "must be a whole number from 0 on or an HTTP date",
  ],
  [
    "no times at all",
    { kind: "hang", times: 0 },
    '"times" of a fault "hang" must be "always" or a whole number from 1 on, not 0.',
  ],
  [
    "a chance above 1",
    { kind: "hang", chance: 2 },
    '"chance" of a fault "hang" must be a number from 0 to 1, not 2.',
  ],
  [
    "times of a condition",
    { kind: "wrong_password", times: 1 },
    'A fault "wrong_password" has no "times": it may have on, after, chance, milliseconds.',
  ],
  [
    "rows refused for no reason",
    { kind: "refuse_rows" },
    'A fault "refuse_rows" needs "every" or "containing": they say which rows are bad.',
  ],
  [
    "a code beside the whole text",
    { kind: "refuse_rows", every: 2, code: 1366, text: "no" },
    '"text" of a fault "refuse_rows" is the whole answer: it must stand without "code".',
  ],
])("a fault with %s is refused in one sentence", (_title, fault, sentence) => {
  expect(() => checkFault(fault)).toThrow(TypeError)
  expect(() => checkFault(fault)).toThrow(sentence)
})

test("a good fault comes back as it is, without what is undefined", () => {
  expect(checkFault({ kind: "status", status: 503, retryAfter: 2, text: undefined })).toEqual({
    kind: "status",
    status: 503,
    retryAfter: 2,
  })
})
