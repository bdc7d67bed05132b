import { ApiError, type Schemas } from './client'

export type Media = Schemas['Media']

interface Answer<T> {
  data?: T
  error?: { code?: string; message?: string; details?: { field: string; reason: string }[] }
}

// A file on its way to the server. The older interface is used because fetch cannot tell how much has gone out.
export function sendFile<T>(path: string, file: File, type: string, onprogress: (share: number) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.responseType = 'json'
    request.setRequestHeader('Content-Type', type)
    request.upload.onprogress = (event) => event.lengthComputable && onprogress(event.loaded / event.total)
    request.onload = () => {
      const body = request.response as Answer<T> | null
      if (request.status >= 200 && request.status < 300 && body?.data) return resolve(body.data)
      reject(new ApiError(request.status, body?.error?.code ?? 'INTERNAL_ERROR', body?.error?.message ?? '', body?.error?.details ?? []))
    }
    request.onerror = () => reject(new ApiError(0, 'UNREACHABLE', ''))
    request.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

export const upload = (file: File, purpose: Media['purpose'], onprogress: (share: number) => void, signal: AbortSignal): Promise<Media> =>
  sendFile(`/api/media?purpose=${purpose}&name=${encodeURIComponent(file.name)}`, file, file.type || 'application/octet-stream', onprogress, signal)
