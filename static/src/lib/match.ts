// Which route a path means. Patterns look like /courses/{slug}; a parameter never spans a slash.

export interface Pattern {
  path: string
}

export interface Match<R extends Pattern> {
  route: R
  params: Record<string, string>
}

export function match<R extends Pattern>(routes: readonly R[], pathname: string): Match<R> | null {
  const wanted = segments(pathname)
  for (const route of routes) {
    const own = segments(route.path)
    if (own.length !== wanted.length) continue
    const params: Record<string, string> = {}
    const fits = own.every((segment, index) => {
      const value = wanted[index] as string
      if (!segment.startsWith('{')) return segment === value
      const text = decoded(value)
      if (text === null) return false
      params[segment.slice(1, -1)] = text
      return true
    })
    if (fits) return { route, params }
  }
  return null
}

// The path that a pattern makes with parameters: the way back.
export function pathTo(pattern: string, params: Record<string, string>): string {
  return pattern.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''))
}

// The place to go after signing in: a path on this site, or the fallback. "//evil", "/\evil" and full addresses are not.
export function ownPath(next: string | null, fallback: string, origin = location.origin): string {
  if (!next || !next.startsWith('/')) return fallback
  try {
    const url = new URL(next, origin)
    const path = url.pathname + url.search + url.hash
    // "/.//evil" is ours as it stands, but what is left of it once its dots are gone is another host.
    return url.origin === origin && new URL(path, origin).href === url.href ? path : fallback
  } catch {
    return fallback
  }
}

function segments(pathname: string): string[] {
  return pathname.split('/').filter((segment) => segment !== '')
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
