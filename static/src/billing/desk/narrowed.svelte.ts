import { untrack } from 'svelte'
import type { Page } from '../../lib/api/client'
import { Pages } from '../../lib/pages.svelte'
import { place } from '../../lib/router.svelte'

// A list that follows what the address says of the names given. To be made while a screen is set up.
export function narrowed<T>(names: string[], fetch: (asked: Record<string, string>, cursor: string | undefined) => Promise<{ data: T[]; page?: Page }>): Pages<T> {
  const asked = () => {
    const given = new URLSearchParams(place.search)
    return Object.fromEntries(names.flatMap((name) => (given.get(name) ? [[name, given.get(name) as string]] : [])))
  }
  const list = new Pages<T>((cursor) => fetch(untrack(asked), cursor))
  let before = untrack(() => JSON.stringify(asked()))
  $effect(() => {
    const now = JSON.stringify(asked())
    if (now === before) return
    before = now
    void list.again()
  })
  return list
}
