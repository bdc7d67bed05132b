import { describe, expect, it } from 'vitest'
import { match, ownPath, pathTo } from '../src/lib/match'
import { aliases, routes as pages } from '../src/routes'

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

describe('other names of pages', () => {
  it('keep their parameters', () => {
    expect(pathTo('/admin/users/{id}', { id: 'a b/c' })).toBe('/admin/users/a%20b%2Fc')
    expect(pathTo('/pricing', { id: '1' })).toBe('/pricing')
  })

  it.each(aliases.map(({ path, to }) => [path, to]))('%s leads to a page there is, and hides none', (path, to) => {
    expect(match(pages, path.replaceAll(/[{}]/g, ''))).toBeNull()
    if (!/^\/(api|docs)\//.test(to)) expect(match(pages, pathTo(to, { id: '1' }))?.route.path.replace(/\{\w+\}/g, '{id}')).toBe(to.replace(/\{\w+\}/g, '{id}'))
  })

  it.each([
    ['/users', '/admin/users'],
    ['/users/7', '/admin/users/7'],
    ['/users/profile', '/app/account'],
    ['/admin', '/admin/users'],
  ])('%s is %s', (from, to) => {
    const found = match(aliases, from)
    expect(pathTo(found?.route.to ?? '', found?.params ?? {})).toBe(to)
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
