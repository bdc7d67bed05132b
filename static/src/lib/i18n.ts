import en from '../../locales/en.json'
import type account from '../../locales/en.account.json'
import type desk from '../../locales/en.desk.json'
import type hand from '../../locales/en.hand.json'
import type learning from '../../locales/en.learning.json'
import type mine from '../../locales/en.mine.json'
import type people from '../../locales/en.people.json'
import type studio from '../../locales/en.studio.json'

// Every word people read comes through m(). A message is a key of locales/en.json; {name} is replaced by a parameter.
// A countable one is kept under two keys, key_one and key_other, and is asked for as m('key', { count }).
// What only some screens say is in a file of its own, which they bring along: see accounts/words.ts.

type Raw = keyof typeof en | keyof typeof account | keyof typeof people | keyof typeof learning | keyof typeof desk | keyof typeof hand | keyof typeof mine | keyof typeof studio
type Plural<K> = K extends `${infer Base}_other` ? Base : never
export type Key = Exclude<Raw, `${string}_one` | `${string}_other`> | Plural<Raw>
export type Params = Record<string, string | number>

const messages: Record<string, string> = { ...en }
let locale = 'en'
let plural = new Intl.PluralRules(locale)
let number = new Intl.NumberFormat(locale)

export function learn(more: Record<string, string>): void {
  Object.assign(messages, more)
}

export function currentLocale(): string {
  return locale
}

// Only how numbers, money and dates are written depends on it; the words are English.
export function useLocale(wanted: string | null | undefined): void {
  const next = supported(wanted) ?? supported(navigator.language) ?? 'en'
  locale = next
  plural = new Intl.PluralRules('en')
  number = new Intl.NumberFormat(next)
}

export function m(key: Key, params: Params = {}): string {
  let text = messages[key]
  if (text === undefined && typeof params.count === 'number') text = messages[`${key}_${plural.select(params.count)}`] ?? messages[`${key}_other`]
  if (text === undefined) return key
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name]
    return value === undefined ? whole : typeof value === 'number' ? number.format(value) : value
  })
}

// "Practice that *adds up*" in pieces, the starred one marked.
export function marked(text: string): { text: string; strong: boolean }[] {
  return text.split('*').map((piece, index) => ({ text: piece, strong: index % 2 === 1 })).filter((piece) => piece.text !== '')
}

function supported(tag: string | null | undefined): string | null {
  if (!tag) return null
  try {
    return Intl.NumberFormat.supportedLocalesOf([tag])[0] ?? null
  } catch {
    return null
  }
}
