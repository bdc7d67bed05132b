import type { Schemas } from '../lib/api/client'
import { send, sendForPage } from '../lib/api/pending'

// What the screens about the school's people ask of the server.

export type Role = Schemas['Profile']['role']
export type Status = 'active' | 'disabled' | 'invited'

export interface Row {
  id: string
  email: string
  fullName: string | null
  role: Role
  isOwner: boolean
  access: string
  status: Status
  emailVerified: boolean
  mfaEnabled: boolean
  createdAt: string
  lastSeenAt: string | null
}

export interface Person extends Row {
  locale?: string | null
  timezone?: string | null
  avatarUrl?: string | null
  sessions: number
  apiKeys: number
}

export interface Imported {
  rows: number
  created: number
  skipped: number
  errors: { line: number; field: string; reason: string }[]
  dryRun: boolean
}

const one = (id: string) => `/api/users/${encodeURIComponent(id)}`
const admin = (id: string) => `/api/admin/users/${encodeURIComponent(id)}`

export const listPeople = (query: string) => sendForPage<Row[]>(`/api/users?${query}`)
export const invite = (who: { email: string; fullName?: string; role?: Role }) => send<Row>('POST', '/api/users', who)
export const person = (id: string) => send<Person>('GET', one(id))
export const setRole = (id: string, role: Role, isOwner?: boolean) => send<Row>('PUT', `${admin(id)}/role`, { role, ...(isOwner === undefined ? {} : { isOwner }) })
export const act = (id: string, verb: 'disable' | 'enable' | 'logout' | 'reset-mfa' | 'verify' | 'invite') => send<Row>('POST', `${admin(id)}/${verb}`, {})
export const remove = (id: string, force: boolean) => send<null>('DELETE', `${one(id)}${force ? '?force=true' : ''}`)
export const subscriptions = (id: string) => send<Schemas['Subscription'][]>('GET', `${one(id)}/subscriptions`)
export const give = (id: string, planId: string, until: string) => send<Schemas['Subscription']>('POST', `${one(id)}/subscriptions`, { planId, until })
export const importPeople = (csv: string, check: boolean) => send<Imported>('POST', `/api/admin/users/import${check ? '?check=1' : ''}`, new Blob([csv], { type: 'text/csv' }))
