import createClient from 'openapi-fetch'
import type { components, paths } from './schema'
import { refreshing } from './refresh'

export type Schemas = components['schemas']

// Given to somebody whose password was right and who has a second factor.
export interface Challenge {
  token: string
  expiresAt: string
  methods: string[]
}

// What the server refused, in its own words; status 0 means that it was not reached.
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: { field: string; reason: string }[] = [],
    readonly requestId: string | null = null,
    readonly retryAfter: number | null = null,
    readonly challenge: Challenge | null = null,
  ) {
    super(message)
  }

  // The reason for one field, if it has one.
  at(field: string): string | undefined {
    return this.details.find((detail) => detail.field === field)?.reason
  }
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => refreshing(request), credentials: 'same-origin' })

// Where a list goes on.
export interface Page {
  limit: number
  nextCursor: string | null
  total?: number
}

interface Answer<T> {
  data?: { data: T; page?: Page }
  error?: unknown
  response: Response
}

// The data inside the envelope, or an ApiError.
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await askWhole(call)).data
}

// Every page of a list, for screens that show all of it.
export async function askAll<T>(call: (query: { limit: number; cursor?: string }) => Promise<Answer<T[]>>): Promise<T[]> {
  const rows: T[] = []
  let cursor: string | null = null
  do {
    const { data, page }: { data: T[]; page?: Page } = await askWhole(call({ limit: 100, ...(cursor ? { cursor } : {}) }))
    rows.push(...data)
    cursor = page?.nextCursor ?? null
  } while (cursor)
  return rows
}

// For bodies that are a file: it is sent as it is, and as what it says it is.
export const asItIs = (type: string) => ({ bodySerializer: (file: unknown) => file as BodyInit, headers: { 'Content-Type': type } })

// For requests that are answered without data.
export async function tell(call: Promise<{ error?: unknown; response: Response }>): Promise<void> {
  await askWhole(call as Promise<Answer<null>>)
}

export async function askWhole<T>(call: Promise<Answer<T>>): Promise<{ data: T; status: number; page?: Page }> {
  let answer: Answer<T>
  try {
    answer = await call
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiError(0, 'UNREACHABLE', '')
  }
  const { data, error, response } = answer
  if (response.ok && data) return { data: data.data, status: response.status, page: data.page }
  const problem = (error as { error?: { code?: string; message?: string; details?: { field: string; reason: string }[]; challenge?: Challenge } } | undefined)?.error
  throw new ApiError(
    response.status,
    problem?.code ?? 'INTERNAL_ERROR',
    problem?.message ?? '',
    Array.isArray(problem?.details) ? problem.details : [],
    response.headers.get('X-Request-Id'),
    Number(response.headers.get('Retry-After')) || null,
    problem?.challenge ?? null,
  )
}
