import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { markSignedOut } from '../src/lib/api/refresh'

class Source {
  static CLOSED = 2
  static made: Source[] = []
  readyState = 1
  onerror: (() => void) | null = null
  private heard = new Map<string, () => void>()
  constructor(readonly url: string) {
    Source.made.push(this)
  }
  addEventListener(name: string, act: () => void) {
    this.heard.set(name, act)
  }
  close() {
    this.readyState = 2
  }
  say(name: string) {
    this.heard.get(name)?.()
  }
  refuse() {
    this.readyState = 2
    this.onerror?.()
  }
}
const fresh = () => Object.assign(new EventTarget(), { visibilityState: 'visible' })
let page = fresh()
const look = (state: string) => {
  page.visibilityState = state
  page.dispatchEvent(new Event('visibilitychange'))
}
const last = () => Source.made[Source.made.length - 1] as Source
let live: typeof import('../src/lib/live')

beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Source)
  page = fresh()
  vi.stubGlobal('document', page)
  Source.made = []
  vi.resetModules()
  live = await import('../src/lib/live')
  const { markRenewed } = await import('../src/lib/api/refresh')
  markRenewed()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  markSignedOut()
})

test('one connection serves all listeners, from a while after the first until the last has gone', () => {
  const told: string[] = []
  const stop = [live.listen((name) => told.push(`a ${name}`)), live.listen((name) => told.push(`b ${name}`))]
  vi.advanceTimersByTime(1000)
  expect(Source.made.length).toBe(0)
  vi.advanceTimersByTime(1000)
  expect(Source.made.map((each) => each.url)).toEqual(['/api/stream'])
  expect(live.isLive()).toBe(false)
  last().say('hello')
  last().say('progress')
  expect(told).toEqual(['a hello', 'b hello', 'a progress', 'b progress'])
  expect(live.isLive()).toBe(true)
  stop[0]?.()
  expect(last().readyState).toBe(1)
  stop[1]?.()
  expect(last().readyState).toBe(2)
  expect(live.isLive()).toBe(false)
})

test('a page that is not looked at lets go of it, and takes it up when it is', () => {
  live.listen(() => {}, { after: 0 })
  vi.advanceTimersByTime(0)
  look('hidden')
  expect(last().readyState).toBe(2)
  look('visible')
  vi.advanceTimersByTime(0)
  expect(Source.made.length).toBe(2)
})

test('whoever is not signed in opens none', async () => {
  const { markSignedOut: leave } = await import('../src/lib/api/refresh')
  leave()
  live.listen(() => {}, { after: 0 })
  vi.advanceTimersByTime(60_000)
  expect(Source.made.length).toBe(0)
})

test('one that was refused is asked for again, less and less often', () => {
  live.listen(() => {}, { after: 0 })
  vi.advanceTimersByTime(0)
  last().refuse()
  vi.advanceTimersByTime(14_000)
  expect(Source.made.length).toBe(1)
  vi.advanceTimersByTime(1000)
  expect(Source.made.length).toBe(2)
  last().refuse()
  vi.advanceTimersByTime(29_000)
  expect(Source.made.length).toBe(2)
  vi.advanceTimersByTime(1000)
  expect(Source.made.length).toBe(3)
})

test('one whose place was taken stays away until the page is looked at again', () => {
  live.listen(() => {}, { after: 0 })
  vi.advanceTimersByTime(0)
  last().say('bye')
  expect(last().readyState).toBe(2)
  vi.advanceTimersByTime(600_000)
  expect(Source.made.length).toBe(1)
  look('hidden')
  look('visible')
  vi.advanceTimersByTime(0)
  expect(Source.made.length).toBe(2)
})

test('a pause ends with the next event, or when it is over', async () => {
  live.listen(() => {}, { after: 0 })
  vi.advanceTimersByTime(0)
  let over = 0
  void live.eventOr(5000).then(() => over++)
  await vi.advanceTimersByTimeAsync(1000)
  expect(over).toBe(0)
  last().say('checkout')
  await vi.advanceTimersByTimeAsync(0)
  expect(over).toBe(1)
  void live.eventOr(5000).then(() => over++)
  await vi.advanceTimersByTimeAsync(5000)
  expect(over).toBe(2)
})
