test("The packages load in this runner, and an event is stored", async () => {
  const lines = []
  const { log } = console
  console.log = line => lines.push(line)
  try {
    await require("./program.cjs")
  } finally {
    console.log = log
  }
  expect(lines).toEqual(["rows 1, invalid_timestamp"])
}, 30_000)
