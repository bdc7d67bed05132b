import { api, asItIs, ask, askAll, tell, type Challenge, type Schemas } from '../lib/api/client'

// What the screens of an account ask of the server.

export type Profile = Schemas['Profile']
export type Mfa = Schemas['Mfa']
export type Device = Schemas['Device']
export type ApiKey = Schemas['ApiKey']
export type NewApiKey = Schemas['NewApiKey']
export type Scope = NonNullable<Schemas['ApiKeyForm']['scopes']>[number]
export type { Challenge }

// Of those who have a second step, without the spaces that people put between.
const coded = (code?: string) => (code ? { code: code.replace(/\s/g, '') } : {})
const path = (id: string) => ({ params: { path: { id } } })

export const me = () => ask(api.GET('/api/auth/me'))
export const answerChallenge = (challenge: string, code: string) => ask(api.POST('/api/auth/mfa/verify', { body: { challenge, code } }))
export const forgotPassword = (email: string) => tell(api.POST('/api/auth/forgot-password', { body: { email } }))
export const resetPassword = (token: string, password: string) => tell(api.POST('/api/auth/reset-password', { body: { token, password } }))
export const changePassword = (currentPassword: string, newPassword: string, code?: string) => tell(api.POST('/api/auth/change-password', { body: { currentPassword, newPassword, ...coded(code) } }))
export const changeEmail = (email: string, password: string, code?: string) => ask(api.POST('/api/auth/change-email', { body: { email, password, ...coded(code) } }))
export const confirmEmail = (token: string) => ask(api.POST('/api/auth/confirm-email', { body: { token } }))
export const acceptInvite = (token: string, password: string, fullName?: string) => ask(api.POST('/api/auth/accept-invite', { body: { token, password, ...(fullName ? { fullName } : {}) } }))

export const mfaSetup = (password: string) => ask(api.POST('/api/auth/mfa/setup', { body: { password } }))
export const mfaEnable = (code: string) => ask(api.POST('/api/auth/mfa/enable', { body: { code } }))
export const mfaDisable = (password: string, code: string) => tell(api.POST('/api/auth/mfa/disable', { body: { password, code } }))
export const newRecoveryCodes = (password: string, code: string) => ask(api.POST('/api/auth/mfa/recovery-codes', { body: { password, code } }))

export const devices = () => askAll((query) => api.GET('/api/auth/sessions', { params: { query } }))
export const endDevice = (id: string) => tell(api.DELETE('/api/auth/sessions/{id}', path(id)))
export const endOtherDevices = () => ask(api.DELETE('/api/auth/sessions'))

export const apiKeys = () => askAll((query) => api.GET('/api/users/me/api-keys', { params: { query } }))
export const makeApiKey = (key: Schemas['ApiKeyForm'], code?: string) => ask(api.POST('/api/users/me/api-keys', { body: { ...key, ...coded(code) } }))
export const endApiKey = (id: string) => tell(api.DELETE('/api/users/me/api-keys/{id}', path(id)))

export const saveProfile = (change: Schemas['ProfileForm']) => ask(api.PUT('/api/users/profile', { body: change }))
export const uploadAvatar = (picture: Blob, name: string) => ask(api.POST('/api/media', { params: { query: { purpose: 'avatar', name } }, body: picture, ...asItIs(picture.type) }))
export const removeMyself = (id: string, password: string, force: boolean, code?: string) => tell(api.DELETE('/api/users/{id}', { params: { path: { id }, query: force ? { force } : {} }, body: { password, ...coded(code) } }))
