import { api, asItIs, ask, askAll, askWhole, tell, type Schemas } from '../lib/api/client'

// What the screens about the school's people ask of the server.

export type Row = Schemas['User']
export type Person = Schemas['UserDetail']
export type Role = Row['role']
export type OwnedKey = Schemas['OwnedApiKey']
export type Imported = Schemas['ImportReport']

const path = (id: string) => ({ params: { path: { id } } })

export async function listPeople(query: string): Promise<{ rows: Row[]; next: string | null; total: number | undefined }> {
  const asked = { ...Object.fromEntries(new URLSearchParams(query)), limit: Number(new URLSearchParams(query).get('limit')) }
  const { data, page } = await askWhole(api.GET('/api/users', { params: { query: asked } }))
  return { rows: data, next: page?.nextCursor ?? null, total: page?.total }
}

export const invite = (who: Schemas['NewUserForm']) => ask(api.POST('/api/users', { body: who }))
export const person = (id: string): Promise<Person> => ask(api.GET('/api/users/{id}', path(id)))
export const rename = (id: string, fullName: string) => ask(api.PUT('/api/users/{id}', { ...path(id), body: { fullName } }))
export const setRole = (id: string, role: Role, isOwner?: boolean) => ask(api.PUT('/api/admin/users/{id}/role', { ...path(id), body: { role, ...(isOwner === undefined ? {} : { isOwner }) } }))
export const remove = (id: string, force: boolean) => tell(api.DELETE('/api/users/{id}', { params: { path: { id }, query: force ? { force } : {} } }))

const acts = {
  disable: (id: string) => tell(api.POST('/api/admin/users/{id}/disable', path(id))),
  enable: (id: string) => tell(api.POST('/api/admin/users/{id}/enable', path(id))),
  logout: (id: string) => tell(api.POST('/api/admin/users/{id}/logout', path(id))),
  verify: (id: string) => tell(api.POST('/api/admin/users/{id}/verify', path(id))),
  invite: (id: string) => tell(api.POST('/api/admin/users/{id}/invite', path(id))),
  'reset-mfa': (id: string) => tell(api.POST('/api/admin/users/{id}/reset-mfa', path(id))),
}
export type Verb = keyof typeof acts
export const act = (id: string, verb: Verb): Promise<unknown> => acts[verb](id)

// As many as somebody may have fit in one answer.
export const keysOf = (user: string) => ask(api.GET('/api/admin/api-keys', { params: { query: { user, limit: 100 } } }))
export const endKey = (id: string) => tell(api.DELETE('/api/admin/api-keys/{id}', path(id)))

export const subscriptions = (id: string) => askAll((query) => api.GET('/api/users/{id}/subscriptions', { params: { path: { id }, query } }))
export const give = (id: string, planId: string, until: string) => ask(api.POST('/api/users/{id}/subscriptions', { ...path(id), body: { planId, until } }))
export const importPeople = (csv: string, how: 'check' | 'add' | 'invite') =>
  ask(api.POST('/api/admin/users/import', { params: { query: how === 'add' ? {} : { [how]: true } }, body: csv, ...asItIs('text/csv') }))
