// What a person may choose as language and time zone.

export const here = Intl.DateTimeFormat().resolvedOptions().timeZone as string | undefined

// By continent; "America/Argentina/Salta" reads "Argentina, Salta".
export function zones(own: string | null | undefined): [string, [string, string][]][] {
  const all = new Set([...Intl.supportedValuesOf('timeZone'), ...(own ? [own] : []), ...(here ? [here] : []), 'UTC'])
  const groups = new Map<string, [string, string][]>()
  for (const zone of [...all].sort()) {
    const [first = zone, ...rest] = zone.split('/')
    const group = rest.length > 0 ? first : 'UTC'
    const name = (rest.length > 0 ? rest : [first]).join(', ').replaceAll('_', ' ')
    groups.set(group, [...(groups.get(group) ?? []), [zone, name]])
  }
  return [...groups].sort(([a], [b]) => (a === 'UTC' ? -1 : b === 'UTC' ? 1 : a.localeCompare(b)))
}

const offered = ['en', 'en-GB', 'en-US', 'de', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt', 'pt-BR', 'sv', 'sw']

export function languages(own: string | null | undefined): [string, string][] {
  const names = new Intl.DisplayNames(['en'], { type: 'language' })
  return [...new Set([...(own ? [own] : []), ...offered])].map((tag) => {
    try {
      return [tag, names.of(tag) ?? tag]
    } catch {
      return [tag, tag]
    }
  })
}
