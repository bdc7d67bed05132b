import { ApiError, type Schemas } from './client'

export type Media = Schemas['Media']

// A file on its way to the server. The older interface is used because fetch cannot tell how much has gone out.
export function upload(file: File, purpose: Media['purpose'], onprogress: (share: number) => void, signal: AbortSignal): Promise<Media> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/media?purpose=${purpose}&name=${encodeURIComponent(file.name)}`)
    request.responseType = 'json'
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream')
    request.upload.onprogress = (event) => event.lengthComputable && onprogress(event.loaded / event.total)
    request.onload = () => {
      const body = request.response as { data?: Media; error?: { code?: string; message?: string } } | null
      if (request.status === 201 && body?.data) return resolve(body.data)
      reject(new ApiError(request.status, body?.error?.code ?? 'INTERNAL_ERROR', body?.error?.message ?? ''))
    }
    request.onerror = () => reject(new ApiError(0, 'UNREACHABLE', ''))
    request.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
