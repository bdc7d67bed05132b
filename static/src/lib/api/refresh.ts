// Keeps a browser's session alive. The tokens are in cookies that script cannot read; what is kept here is only when they
// were last renewed. A refresh token works once, and using an old one ends the session, so two tabs must never renew at
// the same time: the renewal happens under a lock that all tabs share, and whoever comes second finds it done.

const mark = 'tuition.session'
const renewAfterMs = 50 * 60_000 // access tokens live an hour
const renewPath = '/api/auth/refresh'

type Fetch = (input: Request) => Promise<Response>

let lost: () => void = () => {}

// Called when the session turns out to be over.
export function onSessionLost(callback: () => void): void {
  lost = callback
}

// When the tokens were last renewed; null when nobody is signed in here.
export function renewedAt(): number | null {
  try {
    const value = Number(localStorage.getItem(mark))
    return value > 0 ? value : null
  } catch {
    return fallback
  }
}

let fallback: number | null = null

export function markRenewed(now = Date.now()): void {
  fallback = now
  try {
    localStorage.setItem(mark, String(now))
  } catch {
    // Storage is blocked; this tab still remembers.
  }
}

export function markSignedOut(): void {
  fallback = null
  try {
    localStorage.removeItem(mark)
  } catch {
    // As above.
  }
}

// What these refuse is a password or a link from a mail, never the session.
const elsewhere = new Set(
  ['refresh', 'login', 'register', 'verify-email', 'forgot-password', 'reset-password', 'confirm-email', 'accept-invite', 'mfa/verify'].map((name) => `/api/auth/${name}`),
)
// Said to somebody whose session is good: the password or code that was asked for again is wrong.
const aboutTheSecret = new Set(['INVALID_CREDENTIALS', 'MFA_INVALID', 'MFA_REQUIRED'])

// fetch, with the session renewed once when it has run out.
export async function refreshing(request: Request, send: Fetch = (input) => fetch(input)): Promise<Response> {
  const path = new URL(request.url).pathname
  if (elsewhere.has(path) || renewedAt() === null) return send(request)
  const before = renewedAt() as number
  const again = request.clone()
  if (Date.now() - before > renewAfterMs) {
    await renew(before, send)
    return send(request)
  }
  const answer = await send(request)
  if (answer.status !== 401 || aboutTheSecret.has(await code(answer))) return answer
  return (await renew(before, send)) ? send(again) : answer
}

async function code(answer: Response): Promise<string> {
  try {
    return ((await answer.clone().json()) as { error?: { code?: string } }).error?.code ?? ''
  } catch {
    return ''
  }
}

// True when the session lives: renewed by this call, or by somebody else since `before`.
async function renew(before: number, send: Fetch): Promise<boolean> {
  return exclusively(async () => {
    const now = renewedAt()
    if (now === null) return false
    if (now !== before) return true
    let answer: Response
    try {
      answer = await send(new Request(new URL(renewPath, location.origin), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}', credentials: 'same-origin' }))
    } catch {
      return false
    }
    if (answer.ok) {
      markRenewed(Math.max(Date.now(), before + 1))
      return true
    }
    if (answer.status === 401 || answer.status === 403) {
      markSignedOut()
      lost()
    }
    return false
  })
}

let queue: Promise<unknown> = Promise.resolve()

function exclusively<T>(work: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request('tuition.refresh', work) as Promise<T>
  const turn = queue.then(work, work)
  queue = turn.catch(() => undefined)
  return turn
}
