import { describe, expect, it } from 'vitest'
import account from '../locales/en.account.json'
import base from '../locales/en.json'
import desk from '../locales/en.desk.json'
import hand from '../locales/en.hand.json'
import learning from '../locales/en.learning.json'
import mine from '../locales/en.mine.json'
import people from '../locales/en.people.json'
import studio from '../locales/en.studio.json'
import { m, marked } from '../src/lib/i18n'

const en = { ...base, ...account, ...people, ...learning, ...studio, ...desk, ...hand, ...mine }
const files = import.meta.glob<string>('../src/**/*.{svelte,ts}', { query: '?raw', eager: true, import: 'default' })
const keysOf = (text: string) => [...text.matchAll(/\bm\('([\w.]+)'/g)].map((found) => found[1] as string)
const asked = new Set(Object.values(files).flatMap(keysOf))

describe('messages', () => {
  it('stand for every key that is asked for', () => {
    const missing = [...asked].filter((key) => !(key in en) && !(`${key}_other` in en))
    expect(missing.filter((key) => key !== 'key')).toEqual([])
  })

  // What the first page does not need is loaded by the folder whose screens say it.
  it.each([
    ['account', account, '../src/accounts/'],
    ['people', people, '../src/admin/'],
    ['learning', learning, '../src/learning/'],
    ['studio', studio, '../src/catalogue/studio/'],
    ['desk', desk, '../src/billing/desk/'],
    ['hand', hand, '../src/billing/hand/'],
    ['mine', mine, '../src/billing/mine/'],
  ])('of en.%s.json stay in their folder', (_name, words, folder) => {
    const own = (key: string) => key in words || `${key}_other` in words
    const elsewhere = Object.entries(files).filter(([path]) => !path.startsWith(folder))
    expect(elsewhere.flatMap(([path, text]) => keysOf(text).filter(own).map((key) => `${path}: ${key}`))).toEqual([])
  })

  it('stand in one file each', () => {
    expect(Object.keys(en)).toHaveLength([base, account, people, learning, studio, desk, hand, mine].reduce((sum, words) => sum + Object.keys(words).length, 0))
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
