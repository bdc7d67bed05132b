import { m } from '../lib/i18n'

// What an API key may be allowed, and to whom it is offered.

interface Scope {
  name: string
  text: string
}

const everybody: [string, () => string][] = [
  ['profile:read', () => m('scope.profileRead')],
  ['profile:write', () => m('scope.profileWrite')],
  ['courses:read', () => m('scope.coursesRead')],
  ['progress:read', () => m('scope.progressRead')],
  ['progress:write', () => m('scope.progressWrite')],
  ['billing:read', () => m('scope.billingRead')],
  ['billing:write', () => m('scope.billingWrite')],
]
const staff: [string, () => string][] = [['courses:write', () => m('scope.coursesWrite')]]
const admins: [string, () => string][] = [
  ['users:read', () => m('scope.usersRead')],
  ['users:write', () => m('scope.usersWrite')],
  ['ops', () => m('scope.ops')],
]

export function scopesFor(role: string): Scope[] {
  return [...everybody, ...(role === 'user' ? [] : staff), ...(role === 'admin' ? admins : [])].map(([name, text]) => ({ name, text: text() }))
}
