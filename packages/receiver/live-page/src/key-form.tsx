import { useState } from "preact/hooks"

/** Asks for the key of the live page. */
export function KeyForm({ notice, onKey }: { notice: string | undefined; onKey(key: string): void }) {
  const [key, setKey] = useState("")
  return (
    <main class="locked">
      <form
        onSubmit={event => {
          event.preventDefault()
          onKey(key)
        }}
      >
        <h1>Live events</h1>
        <p>
          This page needs the key of the live page. <code>singlesink serve --live</code> prints an address
          with it.
        </p>
        <label>
          Key
          <input
            type="password"
            autocomplete="current-password"
            required
            value={key}
            onInput={({ currentTarget }) => setKey(currentTarget.value)}
          />
        </label>
        <button type="submit">Open</button>
        <p role="alert">{notice}</p>
      </form>
    </main>
  )
}
