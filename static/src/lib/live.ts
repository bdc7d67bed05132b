// What the server tells pages that are open (GET /api/stream): a checkout is paid, a lesson completed in another tab. One
// connection serves the whole page, and only while something on it listens, somebody is signed in, and the page is in
// sight: browsers have few connections for all tabs together. An event says what to read anew. `hello` comes whenever the
// stream begins or begins again, because what was said in between is lost. Nothing may depend on it: it can be missing.
import { renewedAt } from './api/refresh'

export type Told = 'hello' | 'checkout' | 'progress' | 'achievement'
type Listener = (name: Told) => void

const names: Told[] = ['hello', 'checkout', 'progress', 'achievement']
const listeners = new Set<Listener>()
const pauses = new Set<() => void>()
let source: EventSource | null = null
let live = false
let timer: ReturnType<typeof setTimeout> | undefined
let failures = 0

export const isLive = (): boolean => live

// `after`: how long a page must stay before it is worth a connection. Answers how to stop listening.
export function listen(listener: Listener, { after = 1500 }: { after?: number } = {}): () => void {
  listeners.add(listener)
  if (listeners.size === 1) document.addEventListener('visibilitychange', seen)
  if (!source) openIn(after)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    document.removeEventListener('visibilitychange', seen)
    close()
  }
}

// Resolves with the next event, or when the time is over: a pause that an event cuts short.
export function eventOr(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(limit)
      pauses.delete(done)
      resolve()
    }
    const limit = setTimeout(done, ms)
    pauses.add(done)
  })
}

// Calls `again` after events of these names, and where some may have been missed: at every `hello` but the first, which
// comes when what is shown has just been read. Several at once are one.
export function following(which: Told[], again: () => unknown): () => void {
  let begun = false
  let soon: ReturnType<typeof setTimeout> | undefined
  const stop = listen((name) => {
    if (name === 'hello' && !begun) {
      begun = true
      return
    }
    if (name !== 'hello' && !which.includes(name)) return
    clearTimeout(soon)
    soon = setTimeout(again, 300)
  })
  return () => {
    clearTimeout(soon)
    stop()
  }
}

function seen(): void {
  failures = 0
  if (document.visibilityState === 'visible') openIn(0)
  else close()
}

function openIn(ms: number): void {
  clearTimeout(timer)
  timer = setTimeout(open, ms)
}

function open(): void {
  if (source || listeners.size === 0 || document.visibilityState !== 'visible' || renewedAt() === null || typeof EventSource === 'undefined') return
  const opened = new EventSource('/api/stream')
  source = opened
  for (const name of names)
    opened.addEventListener(name, () => {
      if (source !== opened) return
      if (name === 'hello') failures = 0
      live = true
      for (const listener of [...listeners]) listener(name)
      for (const done of [...pauses]) done()
    })
  // Other pages of this person's took its place; it comes back when it is looked at again.
  opened.addEventListener('bye', close)
  opened.onerror = () => {
    live = false
    // The browser tries again by itself, unless it was refused: then, after a while, so do we. By then some other request
    // has renewed a session that had run out.
    if (opened.readyState !== EventSource.CLOSED || source !== opened) return
    close()
    openIn(Math.min(300_000, 15_000 * 2 ** failures++))
  }
}

function close(): void {
  clearTimeout(timer)
  source?.close()
  source = null
  live = false
}
