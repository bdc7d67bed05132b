import { ApiError, type Page } from './api/client'

// A long list that is read a page at a time and grows on the screen. A reload begins anew; later calls win over earlier
// ones.
export class Pages<T> {
  rows = $state.raw<T[] | null>(null)
  next = $state.raw<string | null>(null)
  error = $state.raw<ApiError | null>(null)
  busy = $state(true)
  private turn = 0

  constructor(private fetch: (cursor: string | undefined) => Promise<{ data: T[]; page?: Page }>) {
    void this.again()
  }

  again = (): Promise<void> => this.load(undefined)
  more = (): Promise<void> => this.load(this.next ?? undefined)

  private async load(cursor: string | undefined): Promise<void> {
    const turn = ++this.turn
    this.busy = true
    this.error = null
    try {
      const { data, page } = await this.fetch(cursor)
      if (turn !== this.turn) return
      this.rows = cursor && this.rows ? [...this.rows, ...data] : data
      this.next = page?.nextCursor ?? null
    } catch (error) {
      if (turn === this.turn) this.error = error instanceof ApiError ? error : new ApiError(0, 'UNREACHABLE', '')
    } finally {
      if (turn === this.turn) this.busy = false
    }
  }
}
