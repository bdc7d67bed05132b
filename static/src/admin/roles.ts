import { m } from '../lib/i18n'
import type { Role } from './people'

export const roles: Role[] = ['user', 'instructor', 'admin']

export function roleName(role: string): string {
  if (role === 'admin') return m('role.admin')
  if (role === 'instructor') return m('role.instructor')
  return m('role.user')
}
