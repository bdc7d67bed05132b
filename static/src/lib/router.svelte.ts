import type { Component } from 'svelte'
import { match, pathTo, type Match } from './match'

// The History API with one table of routes. Links are plain <a href>; clicks on them are taken over here.

// Given the path's parameters; a screen that needs none declares none.
export type Screen = Component<any>

export interface Route {
  path: string
  load: () => Promise<{ default: Screen }>
  user?: boolean // only for people who are signed in
}

// Another name of a page: whoever comes by it is led on.
export interface Alias {
  path: string
  to: string
}

interface Place {
  pathname: string
  search: string
  found: Match<Route> | null
  visit: number // grows with every navigation, so that the same path can be visited anew
}

let routes: readonly Route[] = []
let aliases: readonly Alias[] = []
let mayLeave: (() => boolean) | null = null
let fragment = ''

// The page on the screen may object to being left; the function given back takes the objection away.
export function guardLeaving(may: () => boolean): () => void {
  mayLeave = may
  return () => {
    if (mayLeave === may) mayLeave = null
  }
}

export const place: Place = $state({ pathname: '/', search: '', found: null, visit: 0 })

export function query(name: string): string | null {
  return new URLSearchParams(place.search).get(name)
}

export function navigate(to: string, how: { replace?: boolean } = {}): void {
  const url = new URL(to, location.href)
  if (url.origin !== location.origin || !ours(url.pathname)) return location.assign(url)
  if (mayLeave && !mayLeave()) return
  mayLeave = null
  if (how.replace) history.replaceState(history.state, '', url)
  else {
    rememberScroll()
    history.pushState(null, '', url)
  }
  arrive()
}

// Changes the address without visiting: for switches on a page.
export function setQuery(changes: Record<string, string | null>): void {
  const url = new URL(location.href)
  for (const [name, value] of Object.entries(changes)) value === null ? url.searchParams.delete(name) : url.searchParams.set(name, value)
  history.replaceState(history.state, '', url)
  place.search = url.search
}

// What a link from a mail proves. It is read once and taken out of the address: whoever reads the history, or is told
// which page a request comes from, must not find it there.
export function takeQuery(name: string): string | null {
  const value = query(name)
  if (value !== null) setQuery({ [name]: null })
  return value
}

export function start(table: readonly Route[], names: readonly Alias[] = []): void {
  routes = table
  aliases = names
  history.scrollRestoration = 'manual'
  addEventListener('popstate', () => {
    // Another place on the same page, such as its content: nothing to show anew.
    if (location.pathname === place.pathname && location.search === place.search && location.hash !== fragment) {
      fragment = location.hash
      return
    }
    // The browser has gone back already: what it left is put on top again.
    if (mayLeave && !mayLeave()) return history.pushState(null, '', place.pathname + place.search)
    mayLeave = null
    arrive()
  })
  addEventListener('pagehide', rememberScroll)
  document.addEventListener('click', takeOver)
  arrive()
}

// Where this entry of the history was scrolled to when it was left.
export function rememberedScroll(): number {
  return (history.state as { scroll?: number } | null)?.scroll ?? 0
}

function arrive(): void {
  const alias = match(aliases, location.pathname)
  if (alias) {
    const to = pathTo(alias.route.to, alias.params) + location.search
    if (!ours(new URL(to, location.href).pathname)) return location.replace(to)
    history.replaceState(history.state, '', to)
  }
  fragment = location.hash
  place.pathname = location.pathname
  place.search = location.search
  place.found = match(routes, location.pathname)
  place.visit += 1
}

function rememberScroll(): void {
  history.replaceState({ ...history.state, scroll: scrollY }, '')
}

function takeOver(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || !ours(link.pathname)) return
  if (link.hash && link.pathname === location.pathname && link.search === location.search) return
  event.preventDefault()
  navigate(link.href)
}

// The server has pages of its own there.
function ours(pathname: string): boolean {
  return !/^\/(api|dev|docs|certificates)(\/|$)/.test(pathname)
}
