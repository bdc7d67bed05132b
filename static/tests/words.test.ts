import { describe, expect, it } from 'vitest'
import en from '../locales/en.json'
import { m, marked } from '../src/lib/i18n'

const sources = Object.values(import.meta.glob<string>('../src/**/*.{svelte,ts}', { query: '?raw', eager: true, import: 'default' }))
const asked = new Set(sources.flatMap((text) => [...text.matchAll(/\bm\('([\w.]+)'/g)].map((found) => found[1] as string)))

describe('messages', () => {
  it('stand for every key that is asked for', () => {
    const missing = [...asked].filter((key) => !(key in en) && !(`${key}_other` in en))
    expect(missing.filter((key) => key !== 'key')).toEqual([])
  })

  it('are all asked for somewhere', () => {
    expect(Object.keys(en).filter((key) => !asked.has(key.replace(/_(one|other)$/, '')))).toEqual([])
  })

  it('have both forms where they count', () => {
    for (const key of Object.keys(en)) if (key.endsWith('_one')) expect(en).toHaveProperty([key.replace(/_one$/, '_other')])
  })

  it('fill in their parameters', () => {
    expect(m('course.lessons', { count: 1 })).toBe('1 lesson')
    expect(m('course.lessons', { count: 1200 })).toBe('1,200 lessons')
    expect(m('dashboard.hello', { name: 'Mara' })).toBe('Hello, Mara')
  })

  it('mark what stands between stars', () => {
    expect(marked('a *b* c')).toEqual([
      { text: 'a ', strong: false },
      { text: 'b', strong: true },
      { text: ' c', strong: false },
    ])
  })
})
