import { upload, type Media } from '../../lib/api/upload'
import { m } from '../../lib/i18n'
import { sentence } from '../../lib/problem'

export interface Sending {
  readonly id: number
  readonly file: File
  share: number // of its bytes that have gone out
  state: 'waiting' | 'sending' | 'done' | 'refused'
  why: string
}

const atOnce = 2

// Files on their way into the library: some at once, the others wait their turn. One that is refused stays on the list
// and says why; one that is stopped leaves it. `limit` is what a file may have at most: the server would end the
// connection in the middle, which a browser shows as no connection at all.
export class Uploads {
  list = $state<Sending[]>([])
  limit = Infinity
  private stops = new Map<number, AbortController>()
  private count = 0

  constructor(
    private done: (made: Media) => void,
    private send = upload,
  ) {}

  get busy(): boolean {
    return this.list.some((one) => one.state === 'waiting' || one.state === 'sending')
  }

  get finished(): number {
    return this.list.filter((one) => one.state === 'done').length
  }

  add(files: Iterable<File>): void {
    // A new lot begins a new list; what was refused before stays until it is put away.
    if (!this.busy) this.list = this.list.filter((one) => one.state === 'refused')
    for (const file of files) {
      const tooLarge = file.size > this.limit
      this.list.push({ id: ++this.count, file, share: 0, state: tooLarge ? 'refused' : 'waiting', why: tooLarge ? m('library.tooLarge') : '' })
    }
    this.next()
  }

  refuse(file: File, why: string): void {
    this.list.push({ id: ++this.count, file, share: 0, state: 'refused', why })
  }

  remove(id: number): void {
    this.stops.get(id)?.abort()
    this.list = this.list.filter((one) => one.id !== id)
    this.next()
  }

  again(id: number): void {
    const one = this.at(id)
    if (one?.state !== 'refused') return
    one.state = 'waiting'
    one.why = ''
    this.next()
  }

  stop(): void {
    for (const each of this.stops.values()) each.abort()
    this.list = this.list.filter((one) => one.state === 'done' || one.state === 'refused')
  }

  private at(id: number): Sending | undefined {
    return this.list.find((one) => one.id === id)
  }

  private next(): void {
    for (const one of this.list) {
      if (this.stops.size >= atOnce) return
      if (one.state === 'waiting') void this.run(one)
    }
  }

  private async run(one: Sending): Promise<void> {
    const stop = new AbortController()
    this.stops.set(one.id, stop)
    one.state = 'sending'
    one.share = 0
    try {
      const made = await this.send(one.file, 'lesson', (share) => (one.share = share), stop.signal)
      one.share = 1
      one.state = 'done'
      this.done(made)
    } catch (error) {
      if (!stop.signal.aborted) {
        one.state = 'refused'
        one.why = sentence(error)
      }
    } finally {
      this.stops.delete(one.id)
      this.next()
    }
  }
}
