import { type Challenge } from '../lib/api/client'
import { send } from '../lib/api/pending'
import type { Schemas } from '../lib/api/client'

// What the screens of an account ask of the server.

export type Profile = Schemas['Profile'] & { avatarUrl?: string | null; pendingEmail?: string | null }

export interface Mfa {
  enabled: boolean
  required: boolean
  recoveryCodesLeft: number
  since: string | null
}

export interface Device {
  id: string
  kind: string
  device: string
  ip: string
  createdAt: string
  lastSeenAt: string
  expiresAt: string
  current: boolean
}

export interface ApiKey {
  id: string
  name: string
  prefix: string
  scopes: string[]
  createdAt: string
  lastUsedAt: string | null
  expiresAt: string | null
}

export type { Challenge }

const auth = '/api/auth'

export const me = () => send<{ user: Profile; mfa: Mfa }>('GET', `${auth}/me`)
export const answerChallenge = (challenge: string, code: string) => send<Profile>('POST', `${auth}/mfa/verify`, { challenge, code })
export const forgotPassword = (email: string) => send<null>('POST', `${auth}/forgot-password`, { email })
export const resetPassword = (token: string, password: string) => send<null>('POST', `${auth}/reset-password`, { token, password })
export const changePassword = (currentPassword: string, newPassword: string) => send<null>('POST', `${auth}/change-password`, { currentPassword, newPassword })
export const changeEmail = (email: string, password: string) => send<{ pendingEmail: string }>('POST', `${auth}/change-email`, { email, password })
export const confirmEmail = (token: string) => send<{ email: string }>('POST', `${auth}/confirm-email`, { token })
export const acceptInvite = (token: string, password: string, fullName?: string) => send<Profile>('POST', `${auth}/accept-invite`, { token, password, ...(fullName ? { fullName } : {}) })

export const mfaSetup = (password: string) => send<{ secret: string; uri: string; qrSvg: string }>('POST', `${auth}/mfa/setup`, { password })
export const mfaEnable = (code: string) => send<{ recoveryCodes: string[] }>('POST', `${auth}/mfa/enable`, { code })
export const mfaDisable = (password: string, code: string) => send<null>('POST', `${auth}/mfa/disable`, { password, code })
export const newRecoveryCodes = (password: string, code: string) => send<{ recoveryCodes: string[] }>('POST', `${auth}/mfa/recovery-codes`, { password, code })

export const devices = () => send<Device[]>('GET', `${auth}/sessions`)
export const endDevice = (id: string) => send<null>('DELETE', `${auth}/sessions/${encodeURIComponent(id)}`)
export const endOtherDevices = () => send<{ ended: number }>('DELETE', `${auth}/sessions`)

export const apiKeys = () => send<ApiKey[]>('GET', '/api/users/me/api-keys')
export const makeApiKey = (key: { name: string; scopes: string[]; expiresAt?: string }) => send<ApiKey & { secret: string }>('POST', '/api/users/me/api-keys', key)
export const endApiKey = (id: string) => send<null>('DELETE', `/api/users/me/api-keys/${encodeURIComponent(id)}`)

export const saveProfile = (change: { fullName?: string; locale?: string; timezone?: string; avatarId?: string | null }) => send<Profile>('PUT', '/api/users/profile', change)
export const uploadAvatar = (picture: Blob, name: string) => send<{ id: string; url: string }>('POST', `/api/media?purpose=avatar&name=${encodeURIComponent(name)}`, picture)
