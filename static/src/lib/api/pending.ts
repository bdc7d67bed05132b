import { ask, askWhole, type Page } from './client'
import { refreshing } from './refresh'

// Requests whose types do not stand in the API's description yet.
export function send<T>(method: string, path: string, body?: unknown): Promise<T> {
  return ask<T>(answer(method, path, body))
}

export async function sendForPage<T>(path: string): Promise<{ rows: T; page: Page }> {
  const { data, page } = await askWhole<T>(answer('GET', path, undefined))
  return { rows: data, page: page ?? { limit: 0, nextCursor: null } }
}

async function answer<T>(method: string, path: string, body: unknown): Promise<{ data?: { data: T }; error?: unknown; response: Response }> {
  const raw = body instanceof Blob
  const response = await refreshing(
    new Request(new URL(path, location.origin), {
      method,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body), headers: { 'Content-Type': raw ? body.type : 'application/json' } }),
    }),
  )
  const json: unknown = await response.json().catch(() => undefined)
  return response.ok ? { data: json as { data: T }, response } : { error: json, response }
}
