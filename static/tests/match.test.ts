import { describe, expect, it } from 'vitest'
import { match, ownPath } from '../src/lib/match'

const routes = [{ path: '/' }, { path: '/courses' }, { path: '/courses/{slug}' }, { path: '/app/lessons/{id}' }] as const

describe('match', () => {
  it('finds a fixed path, with or without a trailing slash', () => {
    expect(match(routes, '/')?.route.path).toBe('/')
    expect(match(routes, '/courses')?.route.path).toBe('/courses')
    expect(match(routes, '/courses/')?.route.path).toBe('/courses')
  })

  it('takes parameters, decoded', () => {
    expect(match(routes, '/courses/reading-music')?.params).toEqual({ slug: 'reading-music' })
    expect(match(routes, '/courses/caf%C3%A9')?.params).toEqual({ slug: 'café' })
  })

  it('knows no other path', () => {
    expect(match(routes, '/nothing')).toBeNull()
    expect(match(routes, '/courses/a/b')).toBeNull()
    expect(match(routes, '/app/lessons')).toBeNull()
  })

  it('does not trip over a broken escape', () => {
    expect(match(routes, '/courses/%E0%A4%A')).toBeNull()
  })
})

describe('the place to go after signing in', () => {
  const origin = 'http://school.example'

  it.each(['/pricing', '/app/lessons/1?x=2#y', '/pricing?plan=1&interval=year'])('stays %s', (next) => {
    expect(ownPath(next, '/app', origin)).toBe(next)
  })

  it.each([null, '', 'pricing', 'https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)', '/%zz//', 'https:evil.example', '/.//evil.example/', '/a/..//evil.example/', '/./\\evil.example/', '/%2e//evil.example/', '///evil.example'])('is never foreign: %s', (next) => {
    const path = ownPath(next, '/app', origin)
    expect(new URL(path, origin).origin).toBe(origin)
    expect(path).not.toContain('evil.example/')
  })

  it('is the fallback for another site', () => {
    expect(ownPath('//evil.example', '/app', origin)).toBe('/app')
    expect(ownPath('/\\evil.example', '/app', origin)).toBe('/app')
    expect(ownPath('https://evil.example/', '/app', origin)).toBe('/app')
  })
})
