import { ApiError } from './api/client'

// Something being fetched: its value once there, or why not. Later calls win over earlier ones.
export class Loader<T> {
  value = $state.raw<T | null>(null)
  error = $state.raw<ApiError | null>(null)
  busy = $state(true)
  private turn = 0

  constructor(private fetch: () => Promise<T>) {
    void this.again()
  }

  again = async (): Promise<void> => {
    const turn = ++this.turn
    this.busy = true
    this.error = null
    try {
      const value = await this.fetch()
      if (turn === this.turn) this.value = value
    } catch (error) {
      if (turn === this.turn) this.error = error instanceof ApiError ? error : new ApiError(0, 'UNREACHABLE', '')
    } finally {
      if (turn === this.turn) this.busy = false
    }
  }

  // The same without a word: where it fails, what is shown stays.
  renew = async (): Promise<void> => {
    const turn = this.turn
    if (this.busy) return
    try {
      const value = await this.fetch()
      if (turn === this.turn) this.value = value
    } catch {
      // As before, then.
    }
  }
}
