// Asks again and again, less often as time passes, until the answer will do. Gives up after `attempts`; null then.
// Answers that fail are passed over: the next may succeed.

export async function poll<T>(fetch: () => Promise<T>, done: (value: T) => boolean, options: { attempts?: number; signal?: AbortSignal; each?: (value: T) => void; wait?: (ms: number) => Promise<void> } = {}): Promise<T | null> {
  const { attempts = 30, signal, each, wait = sleep } = options
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (signal?.aborted) return null
    try {
      const value = await fetch()
      if (signal?.aborted) return null
      each?.(value)
      if (done(value)) return value
    } catch (error) {
      if (attempt === attempts - 1) throw error
    }
    await wait(pause(attempt))
  }
  return null
}

// 0.7 s at first, at most 5 s.
export function pause(attempt: number): number {
  return Math.min(5000, Math.round(700 * 1.25 ** attempt))
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
