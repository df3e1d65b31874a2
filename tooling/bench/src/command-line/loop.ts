/** The least work that any program needs for NDJSON on stdin: JSON.parse and JSON.stringify of each line. */
let pieces: Buffer[] = []
let bytes = 0
for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
  let start = 0
  for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
    const part = chunk.subarray(start, end)
    const line = pieces.length === 0 ? part : Buffer.concat([...pieces, part])
    pieces = []
    bytes += JSON.stringify(JSON.parse(line.toString("utf8"))).length
    start = end + 1
  }
  if (start < chunk.length) pieces.push(chunk.subarray(start))
}
if (bytes === 0) process.exitCode = 1
