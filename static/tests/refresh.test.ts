import { beforeEach, describe, expect, it, vi } from 'vitest'
import { markRenewed, markSignedOut, onSessionLost, refreshing, renewedAt } from '../src/lib/api/refresh'

// A server whose access token is good or not, and whose refresh token is good or not.
function server(state: { access: boolean; refresh: boolean }) {
  const calls: string[] = []
  const send = vi.fn(async (request: Request) => {
    const path = new URL(request.url).pathname
    calls.push(`${request.method} ${path}`)
    if (path === '/api/auth/refresh') {
      if (!state.refresh) return new Response('{}', { status: 401 })
      state.access = true
      return new Response('{}', { status: 200 })
    }
    const body = request.method === 'POST' ? await request.text() : ''
    return new Response(body, { status: state.access ? 200 : 401 })
  })
  return { calls, send }
}

const get = () => new Request('http://school.example/api/progress')

beforeEach(() => {
  markSignedOut()
  onSessionLost(() => {})
})

describe('a request', () => {
  it('goes out once while the session lives', async () => {
    markRenewed()
    const { calls, send } = server({ access: true, refresh: true })
    expect((await refreshing(get(), send)).status).toBe(200)
    expect(calls).toEqual(['GET /api/progress'])
  })

  it('that is refused because of its link leaves the session alone', async () => {
    markRenewed()
    const { calls, send } = server({ access: false, refresh: false })
    expect((await refreshing(new Request('http://school.example/api/auth/verify-email', { method: 'POST', body: '{}' }), send)).status).toBe(401)
    expect(calls).toEqual(['POST /api/auth/verify-email'])
    expect(renewedAt()).not.toBeNull()
  })

  it('is repeated after the session was renewed, with its body', async () => {
    markRenewed()
    const { calls, send } = server({ access: false, refresh: true })
    const answer = await refreshing(new Request('http://school.example/api/progress/save', { method: 'POST', body: 'kept' }), send)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('kept')
    expect(calls).toEqual(['POST /api/progress/save', 'POST /api/auth/refresh', 'POST /api/progress/save'])
  })

  it('is not repeated more than once', async () => {
    markRenewed()
    const { calls, send } = server({ access: false, refresh: true })
    send.mockImplementation(async (request: Request) => {
      calls.push(new URL(request.url).pathname)
      return new Response('{}', { status: request.url.endsWith('/refresh') ? 200 : 401 })
    })
    expect((await refreshing(get(), send)).status).toBe(401)
    expect(calls).toHaveLength(3)
  })

  it('reports the end of the session when it cannot be renewed', async () => {
    markRenewed()
    const lost = vi.fn()
    onSessionLost(lost)
    const { send } = server({ access: false, refresh: false })
    expect((await refreshing(get(), send)).status).toBe(401)
    expect(lost).toHaveBeenCalledOnce()
    expect(renewedAt()).toBeNull()
  })

  it('keeps the session when only the network failed', async () => {
    markRenewed()
    const lost = vi.fn()
    onSessionLost(lost)
    const send = async (request: Request) => {
      if (request.url.endsWith('/refresh')) throw new TypeError('network')
      return new Response('{}', { status: 401 })
    }
    expect((await refreshing(get(), send)).status).toBe(401)
    expect(lost).not.toHaveBeenCalled()
    expect(renewedAt()).not.toBeNull()
  })

  it('renews beforehand when the tokens are about to run out', async () => {
    markRenewed(Date.now() - 55 * 60_000)
    const { calls, send } = server({ access: true, refresh: true })
    await refreshing(get(), send)
    expect(calls).toEqual(['POST /api/auth/refresh', 'GET /api/progress'])
  })

  it('renews once for many requests at the same time', async () => {
    markRenewed()
    const { calls, send } = server({ access: false, refresh: true })
    const answers = await Promise.all([refreshing(get(), send), refreshing(get(), send), refreshing(get(), send)])
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    expect(calls.filter((call) => call.endsWith('/refresh'))).toHaveLength(1)
  })

  it.each(['INVALID_CREDENTIALS', 'MFA_INVALID'])('refused with %s is not repeated: each try counts', async (code) => {
    markRenewed()
    const calls: string[] = []
    const send = async (request: Request) => {
      calls.push(new URL(request.url).pathname)
      return new Response(JSON.stringify({ error: { code } }), { status: 401 })
    }
    const answer = await refreshing(new Request('http://school.example/api/auth/change-password', { method: 'POST', body: '{}' }), send)
    expect(((await answer.json()) as { error: { code: string } }).error.code).toBe(code)
    expect(calls).toEqual(['/api/auth/change-password'])
    expect(renewedAt()).not.toBeNull()
  })

  it('of a visitor is never followed by a renewal', async () => {
    const { calls, send } = server({ access: false, refresh: true })
    expect((await refreshing(get(), send)).status).toBe(401)
    expect(calls).toEqual(['GET /api/progress'])
  })

  it('to sign in is not taken for an expired session', async () => {
    markRenewed()
    const { calls, send } = server({ access: false, refresh: true })
    const answer = await refreshing(new Request('http://school.example/api/auth/login', { method: 'POST', body: '{}' }), send)
    expect(answer.status).toBe(401)
    expect(calls).toEqual(['POST /api/auth/login'])
  })
})
