import { m } from '../lib/i18n'
import type { Scope } from './security'

// What an API key may be allowed, and to whom it is offered.

type Offer = [Scope, () => string]

const everybody: Offer[] = [
  ['profile:read', () => m('scope.profileRead')],
  ['profile:write', () => m('scope.profileWrite')],
  ['courses:read', () => m('scope.coursesRead')],
  ['progress:read', () => m('scope.progressRead')],
  ['progress:write', () => m('scope.progressWrite')],
  ['billing:read', () => m('scope.billingRead')],
  ['billing:write', () => m('scope.billingWrite')],
]
const staff: Offer[] = [['courses:write', () => m('scope.coursesWrite')]]
const admins: Offer[] = [
  ['users:read', () => m('scope.usersRead')],
  ['users:write', () => m('scope.usersWrite')],
  ['ops', () => m('scope.ops')],
]

export function scopesFor(role: string): { name: Scope; text: string }[] {
  return [...everybody, ...(role === 'user' ? [] : staff), ...(role === 'admin' ? admins : [])].map(([name, text]) => ({ name, text: text() }))
}
