import { ApiError } from './api/client'
import { m } from './i18n'

// What a person reads when a request failed. The server's sentence is kept where it has one that helps.
export function sentence(error: unknown): string {
  if (!(error instanceof ApiError)) return m('problem.unknown')
  if (error.status === 0) return navigator.onLine ? m('problem.unreachable') : m('problem.offline')
  if (error.status === 429) return error.retryAfter ? m('problem.slowDownFor', { seconds: error.retryAfter }) : m('problem.slowDown')
  if (error.status === 503) return m('problem.busy')
  if (error.status >= 500) return error.requestId ? m('problem.serverWithId', { id: error.requestId }) : m('problem.server')
  return error.message || m('problem.unknown')
}
