// Amounts as people type them, in the currency's larger unit, and as the server counts them. No binary fractions.

function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}

// "12.50" is 1250 dollars' cents; null where it is no amount, or has more decimals than the currency.
export function minorOf(text: string, currency: string): number | null {
  const found = /^(\d{1,12})(?:[.,](\d+))?$/.exec(text.trim())
  if (!found) return null
  const digits = digitsOf(currency)
  const rest = found[2] ?? ''
  if (rest.length > digits) return null
  const minor = Number(`${found[1]}${rest.padEnd(digits, '0')}`)
  return Number.isSafeInteger(minor) ? minor : null
}

// The other way: 1250 is "12.50".
export function majorOf(minor: number, currency: string): string {
  const digits = digitsOf(currency)
  if (digits === 0) return String(minor)
  const padded = String(minor).padStart(digits + 1, '0')
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}
