import { describe, expect, it } from 'vitest'
import { boards, cover, titleSize } from '../src/catalogue/cover'
import { bars } from '../src/catalogue/melody'
import { frequency, pluck } from '../src/learning/notation/pluck'
import { parts } from '../src/catalogue/heading'
import { inSections, readFraction, readingSeconds, toFraction, toPosition } from '../src/learning/reading'
import { resumeAt, Watched } from '../src/learning/watched'

describe('what was watched of a recording', () => {
  const play = (watched: Watched, from: number, to: number) => {
    for (let at = from; at <= to; at += 0.25) watched.now(at, true)
  }
  it('is what was played, in whole seconds', () => {
    const watched = new Watched()
    play(watched, 0, 10)
    expect(watched.take()).toEqual([[0, 10]])
    expect(watched.take()).toEqual([])
  })
  it('leaves out what was jumped over', () => {
    const watched = new Watched()
    play(watched, 0, 5)
    watched.jumped()
    play(watched, 60, 70)
    watched.now(200, true)
    play(watched, 200, 203)
    expect(watched.take()).toEqual([[0, 5], [60, 70], [200, 203]])
  })
  it('adds up over several reports without a gap', () => {
    const watched = new Watched()
    const seconds = new Set<number>()
    for (let at = 0; at <= 30; at += 0.25) {
      watched.now(at, true)
      if (Math.round(at * 4) % 7 === 0) for (const [from, to] of watched.take()) for (let s = from; s < to; ++s) seconds.add(s)
    }
    for (const [from, to] of watched.take()) for (let s = from; s < to; ++s) seconds.add(s)
    expect(seconds.size).toBe(30)
  })
  it('joins what was played twice', () => {
    const watched = new Watched()
    play(watched, 0, 10)
    watched.jumped()
    play(watched, 4, 12)
    expect(watched.take()).toEqual([[0, 12]])
  })
  it('does not count standing still', () => {
    const watched = new Watched()
    watched.now(3, true)
    watched.now(3, true)
    watched.now(3.2, false)
    watched.now(4, true)
    expect(watched.take()).toEqual([])
  })
  it('is gone on with where it is worth it', () => {
    expect(resumeAt(2, 100)).toBe(0)
    expect(resumeAt(40, 100)).toBe(40)
    expect(resumeAt(97, 100)).toBe(0)
    expect(resumeAt(40, NaN)).toBe(0)
  })
})

describe('reading position', () => {
  it('comes back to where it was', () => {
    expect(toFraction(toPosition(0.5, 360), 360)).toBeCloseTo(0.5)
  })

  it('stays inside the lesson', () => {
    expect(toPosition(1.7, 100)).toBe(100)
    expect(toPosition(-1, 100)).toBe(0)
    expect(toFraction(500, 100)).toBe(1)
    expect(toFraction(5, 0)).toBe(0)
  })

  it('is the share of the text above the lower edge of the window', () => {
    expect(readFraction({ top: 0, height: 1000 }, 500)).toBe(0.5)
    expect(readFraction({ top: 600, height: 1000 }, 500)).toBe(0)
    expect(readFraction({ top: -900, height: 1000 }, 500)).toBe(1)
  })

  it('takes a short text to last half a minute', () => {
    expect(readingSeconds(10)).toBe(30)
    expect(readingSeconds(1000)).toBe(300)
  })
})

describe('a case', () => {
  it('is cut at its headings and loses nothing', () => {
    const html = '<p>Before.</p>\n<h2 id="a">One</h2><p>1</p><h2>Two</h2><h3>Deeper</h3>'
    expect(inSections(html)).toEqual(['<p>Before.</p>\n', '<h2 id="a">One</h2><p>1</p>', '<h2>Two</h2><h3>Deeper</h3>'])
    expect(inSections(html).join('')).toBe(html)
    expect(inSections('')).toEqual([])
  })
})

describe('a title', () => {
  it('is told from what it is about', () => {
    expect(parts('Hear: from the start')).toEqual({ main: 'Hear', rest: 'from the start' })
    expect(parts('Hear')).toEqual({ main: 'Hear', rest: null })
  })
})

describe('a course cover', () => {
  it.each([
    ['Piano', 12],
    ['Hear What You Play', 12],
    ['Counterpoint, Figured Bass', 10.4],
    ['Counterpoint, Figured Bass and the Art of Accompaniment', 9.5],
    ['Counterpoint, Figured Bass and the Art of Accompaniment for Beginners', 8.2],
    ['Musikinstrumentenbaumeisterprüfung', 5],
  ])('has room for the longest word of %s', (title, size) => {
    expect(titleSize(title)).toBe(size)
  })

  it('is always the same for a course and differs between courses', () => {
    expect(cover('reading-music', null)).toEqual(cover('reading-music', null))
    expect(cover('reading-music', null)).not.toEqual(cover('writing-music', null))
  })

  it('takes the course’s colour, or one of its own', () => {
    expect(cover('x', 'violet').board).toBe('violet')
    expect(boards).toContain(cover('x', 'no such colour').board)
  })
})

describe('the plucked string', () => {
  it('is in tune', () => {
    expect(frequency(69)).toBe(440)
    for (const midi of [40, 60, 69, 84]) {
      const { data, rate } = pluck(frequency(midi), 44100)
      expect(rate).toBeGreaterThan(0.97)
      expect(rate).toBeLessThan(1.03)
      // The wave repeats after one period: it resembles itself there more than half a period away.
      const period = 44100 / (frequency(midi) / rate)
      expect(likeness(data, Math.round(period))).toBeGreaterThan(0.8)
      expect(likeness(data, Math.round(period))).toBeGreaterThan(likeness(data, Math.round(period * 1.5)))
    }
  })

  it('fades and never clips', () => {
    const { data } = pluck(220, 44100)
    expect(data.every((value) => Math.abs(value) <= 1)).toBe(true)
    const loud = (from: number) => Math.max(...data.slice(from, from + 2000).map(Math.abs))
    expect(loud(data.length - 2000)).toBeLessThan(loud(2000) / 4)
  })
})

describe('the melody on the first page', () => {
  it('has four beats in every bar', () => {
    for (const bar of bars) expect(bar.reduce((sum, tone) => sum + tone.beats, 0)).toBe(4)
  })
})

function likeness(data: Float32Array, lag: number): number {
  let both = 0
  let one = 0
  let other = 0
  for (let i = 4000; i < 12000; i++) {
    const a = data[i] as number
    const b = data[i + lag] as number
    both += a * b
    one += a * a
    other += b * b
  }
  return both / Math.sqrt(one * other)
}
