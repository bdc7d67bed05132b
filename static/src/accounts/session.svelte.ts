import { api, ask } from '../lib/api/client'
import { markRenewed, markSignedOut, onSessionLost, renewedAt } from '../lib/api/refresh'
import { useLocale } from '../lib/i18n'
import type { Profile } from './security'

// Who is signed in. `user` is null for a visitor; `gone` stands while the page shows that an account has been deleted.
export const session = $state<{ user: Profile | null; over: boolean; gone: boolean }>({ user: null, over: false, gone: false })

onSessionLost(() => {
  session.over = session.user !== null
  session.user = null
})

// Asks the server only where somebody has signed in before, so that a visitor's first page makes no refused request.
export async function restore(): Promise<void> {
  if (renewedAt() === null) return
  try {
    adopt((await ask(api.GET('/api/auth/me'))).user)
  } catch {
    session.user = null
  }
}

export async function signIn(email: string, password: string): Promise<void> {
  await begin(() => ask(api.POST('/api/auth/login', { body: { email, password } })))
}

// Any way in: by a password, by the second step, by an invitation.
export async function begin(enter: () => Promise<Profile>): Promise<void> {
  const user = await enter()
  markRenewed()
  session.over = false
  adopt(user)
}

export async function signOut(): Promise<void> {
  try {
    await api.POST('/api/auth/logout')
  } finally {
    markSignedOut()
    session.user = null
  }
}

// The account is deleted, and its session with it.
export function leaveForGood(): void {
  markSignedOut()
  session.user = null
  session.gone = true
}

export function adopt(user: Profile): void {
  session.user = user
  useLocale(user.locale)
}

// After paying or learning, what the profile says about access and statistics has changed.
export async function refreshUser(): Promise<void> {
  if (session.user) adopt(await ask(api.GET('/api/users/profile')))
}
