import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { toDatetime } from "./timestamp.ts"

describe("a time that can be stored", () => {
  test.each([
    ["2026-11-22T06:13:12.535Z", "2026-11-22 06:13:12.535000"],
    ["2026-11-22 06:13:12.535", "2026-11-22 06:13:12.535000"],
    ["2026-11-22t06:13:12z", "2026-11-22 06:13:12.000000"],
    ["2026-11-22T06:13Z", "2026-11-22 06:13:00.000000"],
    ["2026-11-22", "2026-11-22 00:00:00.000000"],
    ["2026-11-22T06:13:12,5Z", "2026-11-22 06:13:12.500000"],
    ["2026-11-22T06:13:12.123456789Z", "2026-11-22 06:13:12.123456"],
    ["2026-11-22T23:59:59.9999999Z", "2026-11-22 23:59:59.999999"],
    ["2026-11-22T00:30:00.25+02:00", "2026-11-21 22:30:00.250000"],
    ["2026-12-31T20:00:00.000001-05", "2027-01-01 01:00:00.000001"],
    ["2026-11-22T06:13:12+0530", "2026-11-22 00:43:12.000000"],
    ["2000-02-29T00:00:00.000Z", "2000-02-29 00:00:00.000000"],
    ["2000-02-29", "2000-02-29 00:00:00.000000"],
    ["9999-12-31T23:59:59+00:00", "9999-12-31 23:59:59.000000"],
    ["1000-01-01T00:00:00+00:00", "1000-01-01 00:00:00.000000"],
    ["2024-02-29T00:00:00-00:00", "2024-02-29 00:00:00.000000"],
    ["1000-01-01T00:00:00Z", "1000-01-01 00:00:00.000000"],
    ["9999-12-31T23:59:59.999999Z", "9999-12-31 23:59:59.999999"],
    ["0999-12-31T23:00:00-01:00", "1000-01-01 00:00:00.000000"],
    [0, "1970-01-01 00:00:00.000000"],
    [1_795_327_990_764, "2026-11-22 06:13:10.764000"],
    [-1, "1969-12-31 23:59:59.999000"],
    [999_999_999, "1970-01-12 13:46:39.999000"],
    [10_000_000_000, "1970-04-26 17:46:40.000000"],
    [new Date(1_795_327_990), "1970-01-21 18:42:07.990000"],
    [new Date("2026-11-22T06:13:10.851Z"), "2026-11-22 06:13:10.851000"],
  ])("The time %s is stored as %s", (value, expected) => {
    expect(toDatetime(value)).toBe(expected)
  })

  test("A time is stored as the same instant for every offset that it is written in", () => {
    const instant = fc.date({ min: new Date("1001-01-01"), max: new Date("9998-12-31"), noInvalidDate: true })
    fc.assert(
      fc.property(instant, fc.integer({ min: -1439, max: 1439 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1)
        const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60]
        const zone = `${offset < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`
        expect(toDatetime(local + zone)).toBe(toDatetime(date))
      }),
    )
  })
})

test("Every day of four years is valid, and the day after the last of a month is not", () => {
  for (let ms = Date.UTC(2023, 0, 1); ms < Date.UTC(2027, 0, 1); ms += 86_400_000) {
    const text = new Date(ms).toISOString()
    expect(toDatetime(text)).toBe(`${text.slice(0, 10)} 00:00:00.000000`)
    expect(toDatetime(text.slice(0, 10))).toBe(`${text.slice(0, 10)} 00:00:00.000000`)
    const tomorrow = new Date(ms + 86_400_000)
    if (tomorrow.getUTCDate() === 1) {
      const [year, month, day] = text.slice(0, 10).split("-").map(Number) as [number, number, number]
      const after = `${year}-${String(month).padStart(2, "0")}-${day + 1}T00:00:00.000Z`
      expect(toDatetime(after)).toEqual({ reason: "there is no such date or time" })
    }
  }
})

describe("a time that is rejected", () => {
  test.each([
    ["2026-02-30T00:00:00Z", "there is no such date or time"],
    ["2023-02-29", "there is no such date or time"],
    ["1900-02-29", "there is no such date or time"],
    ["2100-02-29T00:00:00.000Z", "there is no such date or time"],
    ["2200-02-29", "there is no such date or time"],
    ["2026-04-31", "there is no such date or time"],
    ["2026-11-00", "there is no such date or time"],
    ["2026-13-01", "there is no such date or time"],
    ["2026-00-01", "there is no such date or time"],
    ["2026-11-22T24:00:00Z", "there is no such date or time"],
    ["2026-11-22T23:60:00Z", "there is no such date or time"],
    ["2016-12-31T23:59:60Z", "there is no such date or time"],
    ["2026-11-22T23:59:61Z", "there is no such date or time"],
    ["2026-11-22T06:13:12+24:00", "offset out of range"],
    ["2026-11-22T06:13:12+01:60", "offset out of range"],
    ["0999-12-31T23:59:59Z", "year outside 1000 to 9999"],
    ["0000-00-00 00:00:00", "there is no such date or time"],
    ["9999-12-31T23:59:59-01:00", "year outside 1000 to 9999"],
    ["+012026-11-22T06:13:12Z", "ISO 8601"],
    ["2026-W47-7", "ISO 8601"],
    ["2026-326", "ISO 8601"],
    ["20261122T061312Z", "ISO 8601"],
    ["1795327990", "ISO 8601"],
    ["Sun, 22 Nov 2026 06:13:12 GMT", "ISO 8601"],
    ["2026-11-22T", "ISO 8601"],
    ["2026-11-22T06", "ISO 8601"],
    ["2026-11-22+02:00", "ISO 8601"],
    [" 2026-11-22", "ISO 8601"],
    ["2026-11-22\n", "ISO 8601"],
    ["", "ISO 8601"],
    [1_000_000_000, "epoch seconds"],
    [1_795_327_990, "epoch seconds"],
    [9_999_999_999, "epoch seconds"],
    [1.5, "must be an integer"],
    [Number.NaN, "must be an integer"],
    [253_402_300_800_000, "year outside 1000 to 9999"],
    [-30_610_224_000_001, "year outside 1000 to 9999"],
    [8.64e15 + 1, "year outside 1000 to 9999"],
    [new Date(Number.NaN), "the Date is invalid"],
    [true, "not a string, a Date or a number"],
    [{}, "not a string, a Date or a number"],
  ])('The time %s is rejected with the reason "%s" and without the value', (value, reason) => {
    const result = toDatetime(value)
    expect(result).toEqual({ reason: expect.stringContaining(reason) })
    if (typeof value === "string" && value.length > 4) expect(JSON.stringify(result)).not.toContain(value)
  })

  test("toDatetime throws for no string, number or other value", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.double(), fc.anything()), value => void toDatetime(value)))
  })
})
