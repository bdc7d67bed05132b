import { currentLocale, m } from './i18n'

// Minor units per major one differ by currency (JPY 0, KWD 3); Intl knows. Whole amounts drop their zeros.
export function money(amountMinor: number, currency: string, locale = currentLocale()): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  const whole = amountMinor % 10 ** digits === 0
  const text = decimal(amountMinor, digits)
  return (whole ? new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: 0, maximumFractionDigits: 0 }) : format).format(text as unknown as number)
}

// As text, so that no amount passes through a binary fraction.
function decimal(minor: number, digits: number): string {
  if (digits === 0) return String(minor)
  const sign = minor < 0 ? '-' : ''
  const padded = String(Math.abs(minor)).padStart(digits + 1, '0')
  return `${sign}${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}

export function day(iso: string, timezone?: string | null, locale = currentLocale()): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...zone(timezone) }).format(new Date(iso))
}

export function moment(iso: string, timezone?: string | null, locale = currentLocale()): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', ...zone(timezone) }).format(new Date(iso))
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

// "3 hours ago", "just now". What has happened is never in the future: then the server's clock and ours differ.
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.min(0, Math.round((new Date(iso).getTime() - now) / 1000))
  // The words are English wherever the numbers come from.
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  for (const [unit, length] of steps) if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit)
  return m('time.now')
}

function zone(timezone: string | null | undefined): Intl.DateTimeFormatOptions {
  if (!timezone) return {}
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
    return { timeZone: timezone }
  } catch {
    return {}
  }
}

// An instant as <input type="datetime-local"> holds it, in this browser's zone, and back; empty where there is none.
export function localTime(iso: string | null | undefined): string {
  if (!iso) return ''
  const at = new Date(iso)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

export function instantOf(local: string): string | undefined {
  const at = new Date(local)
  return local && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined
}

// 512 -> "512 bytes", 1536 -> "2 kB", 3_200_000 -> "3.2 MB"
export function fileSize(bytes: number, locale = currentLocale()): string {
  if (bytes < 1000) return new Intl.NumberFormat(locale, { style: 'unit', unit: 'byte', unitDisplay: 'long' }).format(bytes)
  const steps = ['kilobyte', 'megabyte', 'gigabyte'] as const
  let value = bytes / 1000
  let at = 0
  while (value >= 999.5 && at < steps.length - 1) {
    value /= 1000
    at += 1
  }
  return new Intl.NumberFormat(locale, { style: 'unit', unit: steps[at] ?? 'gigabyte', unitDisplay: 'short', maximumFractionDigits: value < 10 && at > 0 ? 1 : 0 }).format(value)
}

// 25 -> "25 min", 150 -> "2 h 30 min"
export function minutes(total: number): string {
  const whole = Math.max(0, Math.round(total))
  if (whole < 60) return m('time.minutes', { minutes: whole })
  const rest = whole % 60
  const hours = Math.floor(whole / 60)
  return rest === 0 ? m('time.hours', { hours }) : m('time.hoursMinutes', { hours, minutes: rest })
}

// Never "0 min": somebody has to read it.
export function lessonLength(seconds: number): string {
  return minutes(Math.max(1, Math.round(seconds / 60)))
}

export function percent(value: number): string {
  return new Intl.NumberFormat(currentLocale(), { style: 'percent', maximumFractionDigits: 0 }).format(value / 100)
}

export function perInterval(interval: string, count = 1): string {
  if (interval === 'once') return m('interval.once')
  if (count === 1) {
    if (interval === 'year') return m('interval.year')
    if (interval === 'month') return m('interval.month')
    if (interval === 'week') return m('interval.week')
    if (interval === 'day') return m('interval.day')
  }
  return m('interval.every', { count, interval })
}
