import { describe, expect, it } from 'vitest'
import { Uploads } from '../src/catalogue/studio/uploads.svelte'
import { ApiError } from '../src/lib/api/client'
import type { Media } from '../src/lib/api/upload'

// A server that answers when it is told to.
function school() {
  const open: { file: File; share: (to: number) => void; finish: (made: Media) => void; refuse: (error: unknown) => void; stopped: () => boolean }[] = []
  const send = (file: File, _purpose: unknown, share: (to: number) => void, signal: AbortSignal) =>
    new Promise<Media>((finish, refuse) => {
      open.push({ file, share, finish, refuse, stopped: () => signal.aborted })
      signal.addEventListener('abort', () => refuse(new DOMException('', 'AbortError')))
    })
  return { open, send }
}
const file = (name: string, size = 1) => new File([new Uint8Array(size)], name)
const media = (name: string) => ({ name }) as Media
const settled = () => new Promise((resolve) => setTimeout(resolve))
const states = (uploads: Uploads) => uploads.list.map((one) => `${one.file.name} ${one.state}`)

describe('uploads', () => {
  it('go two at once, the others after them', async () => {
    const { open, send } = school()
    const made: string[] = []
    const uploads = new Uploads((one) => made.push(one.name), send)
    uploads.add([file('a'), file('b'), file('c')])
    expect(states(uploads)).toEqual(['a sending', 'b sending', 'c waiting'])
    open[0]?.share(0.5)
    expect(uploads.list[0]?.share).toBe(0.5)
    open[1]?.finish(media('b'))
    await settled()
    expect(states(uploads)).toEqual(['a sending', 'b done', 'c sending'])
    open[0]?.finish(media('a'))
    open[2]?.finish(media('c'))
    await settled()
    expect(made).toEqual(['b', 'a', 'c'])
    expect([uploads.busy, uploads.finished]).toEqual([false, 3])
  })

  it('that are refused say why and may be tried again', async () => {
    const { open, send } = school()
    const uploads = new Uploads(() => undefined, send)
    uploads.add([file('a')])
    open[0]?.refuse(new ApiError(413, 'QUOTA_EXCEEDED', 'Delete some first.'))
    await settled()
    expect(uploads.list[0]).toMatchObject({ state: 'refused', why: 'Delete some first.' })
    uploads.again(uploads.list[0]?.id ?? 0)
    expect(states(uploads)).toEqual(['a sending'])
  })

  it('that are stopped are gone, and make room for the next', async () => {
    const { open, send } = school()
    const uploads = new Uploads(() => undefined, send)
    uploads.add([file('a'), file('b'), file('c')])
    uploads.remove(uploads.list[0]?.id ?? 0)
    await settled()
    expect(open[0]?.stopped()).toBe(true)
    expect(states(uploads)).toEqual(['b sending', 'c sending'])
    uploads.stop()
    await settled()
    expect(states(uploads)).toEqual([])
    expect(open.map((one) => one.stopped())).toEqual([true, true, true])
  })

  it('that are too large are not begun', () => {
    const { open, send } = school()
    const uploads = new Uploads(() => undefined, send)
    uploads.limit = 10
    uploads.add([file('large', 11), file('small', 10)])
    expect(states(uploads)).toEqual(['large refused', 'small sending'])
    expect(open).toHaveLength(1)
  })
})
