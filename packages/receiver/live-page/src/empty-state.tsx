/** What to do before the first event. */
export function EmptyState() {
  const body = '{"event":"Signed Up","userId":"u1","properties":{"plan":"pro"}}'
  return (
    <section class="empty">
      <h2>No event has arrived yet</h2>
      <p>Send one. It appears here when its row is committed.</p>
      <pre>
        <code>{`curl ${location.origin}/v1/track -u YOUR_WRITE_KEY: \\\n  --json '${body}'`}</code>
      </pre>
    </section>
  )
}
