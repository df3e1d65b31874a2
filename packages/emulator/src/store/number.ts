const form = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,4}))?$/

/** Reads a number as units of the last of `scale` digits, rounded half away from zero. */
export function readDecimal(text: string, scale: number): bigint | undefined {
  const match = form.exec(text.trim())
  const [, sign, whole = "", part = "", exponent = "0"] = match ?? []
  if (whole + part === "") return undefined
  // The point moves right by the scale and the exponent. The digits after it decide the rounding.
  const shift = scale + Number(exponent) - part.length
  const digits = whole + part + "0".repeat(Math.max(shift, 0))
  const cut = Math.max(-shift, 0)
  const kept = BigInt(digits.slice(0, Math.max(digits.length - cut, 0)) || "0")
  const next = cut > digits.length ? "0" : (digits[digits.length - cut] ?? "0")
  const size = next >= "5" ? kept + 1n : kept
  return sign === "-" ? -size : size
}

/** Writes the units as a decimal number. */
export function writeDecimal(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0")
  const point = digits.length - scale
  return `${units < 0n ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : `.${digits.slice(point)}`}`
}

/** Reads an integer without loss, or returns undefined if it has digits after the point. */
export function readInteger(text: string): bigint | undefined {
  const units = readDecimal(text, 20)
  return units === undefined || units % 10n ** 20n !== 0n ? undefined : units / 10n ** 20n
}

export function isNumber(text: string): boolean {
  return readDecimal(text, 0) !== undefined
}
