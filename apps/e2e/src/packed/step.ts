/** Runs one step and prints its result and duration. */
export async function step<Result>(
  work: () => Promise<Result>,
  says: (result: Result) => string,
): Promise<Result> {
  const start = performance.now()
  const result = await work()
  const seconds = ((performance.now() - start) / 1_000).toFixed(1).padStart(5)
  console.log(`ok ${seconds} s  ${says(result)}`)
  return result
}
