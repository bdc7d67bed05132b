// Files from outside: pictures of people, proofs, what lessons show; parts of them, links to them, and what is refused.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import net from 'node:net'
import { deflateSync, crc32 } from 'node:zlib'
import { password, strangeId, until } from './lib/client.mjs'
import { expect, finish, same, School, test } from './lib/rows.mjs'

const school = await School.start({ env: { RATE_LIMIT_ENABLED: 'false', TUITION_MEDIA_AVATAR_KIB: '256', TUITION_MEDIA_MEMBER_QUOTA_MIB: '4' } })
const row = school.row.bind(school)
const owner = await school.demo('owner')
const instructor = await school.demo('instructor')
const ada = await school.member({ fullName: 'Ada' })
const bob = await school.member({ fullName: 'Bob' })

// --- Pictures made here

const block = (name, content) => {
  const out = Buffer.alloc(12 + content.length)
  out.writeUInt32BE(content.length, 0)
  out.write(name, 4, 'latin1')
  content.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + content.length)), 8 + content.length)
  return out
}
function png(width, height, between = []) {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc(Math.min(width * 3 + 1, 3000) * Math.min(height, 64)))
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), block('IHDR', head), ...between, block('IDAT', rows), block('IEND', Buffer.alloc(0))])
}
// A photograph with its place in it. Cameras write this block first.
const exif = Buffer.concat([Buffer.from('Exif\0\0II*\0\b\0\0\0\x01\0%\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0', 'latin1'), Buffer.from('GPS 52 31 N 13 24 E')])
const segment = (marker, content) => Buffer.concat([Buffer.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255]), content])
const jpeg = (extra) => Buffer.concat([Buffer.from([0xff, 0xd8]), ...extra, segment(0xc0, Buffer.from([8, 0, 48, 0, 64, 1, 1, 0x11, 0])), segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])), Buffer.alloc(500, 0x33), Buffer.from([0xff, 0xd9])])

const put = (as, purpose, raw, { name = 'file', type = 'application/octet-stream', ...more } = {}) => ({ as, path: `/api/media?purpose=${purpose}&name=${encodeURIComponent(name)}`, raw, type, ...more })
const leftovers = async () => (await school.send({ path: '/api/media?limit=100', as: owner })).json.data.length

// --- Pictures of people

const face = await row('a picture of oneself is stored', 'POST /api/media', put(ada, 'avatar', png(64, 64), { name: 'face.png' }), {
  status: 201,
  has: { kind: 'image', mime: 'image/png', width: 64, height: 64, visibility: 'public', name: 'face.png' },
  then: ({ json }) => same(json.data.url, `/api/media/${json.data.id}`, 'url'),
})
await row('it becomes the picture of the profile', 'PUT /api/users/profile', { as: ada, body: { avatarId: face.json.data.id } }, { status: 200, has: { avatarId: face.json.data.id, avatarUrl: face.json.data.url } })
await row('everybody sees it, and browsers keep it', 'GET /api/media/{id}', { path: face.json.data.url }, {
  status: 200,
  headers: { 'Content-Type': 'image/png', 'Cache-Control': 'public, max-age=31536000, immutable', 'Accept-Ranges': 'bytes', 'Content-Disposition': /^inline; filename="face\.png"/, 'X-Content-Type-Options': 'nosniff', 'Content-Security-Policy': /sandbox/ },
  then: ({ bytes }) => expect(bytes.equals(png(64, 64)), 'the same bytes'),
})
await row('nobody shows a picture of somebody else', 'PUT /api/users/profile', { as: bob, body: { avatarId: face.json.data.id } }, { status: 400, fields: ['avatarId'] })
await row('a picture that is shown is not deleted', 'DELETE /api/media/{id}', { path: face.json.data.url, as: ada }, { status: 409, code: 'MEDIA_IN_USE' })
await row('the place does not go out with a photograph', 'POST /api/media', put(ada, 'avatar', jpeg([segment(0xe1, exif), segment(0xfe, Buffer.from('remark'))])), {
  status: 201,
  then: async ({ json }) => {
    const { bytes } = await school.send({ path: json.data.url })
    expect(!bytes.includes('GPS') && !bytes.includes('remark') && bytes.equals(jpeg([])), 'stored without it')
  },
})
await row('nor with a PNG', 'POST /api/media', put(ada, 'avatar', png(32, 32, [block('eXIf', exif), block('tEXt', Buffer.from('Author\0Ada'))])), {
  status: 201,
  then: async ({ json }) => expect((await school.send({ path: json.data.url })).bytes.equals(png(32, 32)), 'stored without it'),
})

// --- Refusals, with nothing left

const quotes = Buffer.from('<html><script>alert(1)</script>')
for (const [what, raw, name, status, code] of [
  ['a page that says it is a picture', quotes, 'face.png', 415, 'UNSUPPORTED_MEDIA'],
  ['an SVG with a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'face.svg', 415, 'UNSUPPORTED_MEDIA'],
  ['a PDF with a script', Buffer.from('%PDF-1.7\n/JavaScript (app.alert(1))'), 'face.pdf', 415, 'UNSUPPORTED_MEDIA'],
  ['a picture named like a page', png(8, 8), 'face.mp3', 415, 'UNSUPPORTED_MEDIA'],
  ['a picture of 50,000 by 50,000 pixels', png(50_000, 50_000), 'x.png', 422, 'UNPROCESSABLE'],
  ['a picture that is cut off', png(64, 64).subarray(0, -20), 'x.png', 422, 'UNPROCESSABLE'],
  ['an empty file', Buffer.alloc(0), 'x.png', 422, 'UNPROCESSABLE'],
  ['a picture over the limit', png(64, 64, [block('IDAT', Buffer.alloc(300 * 1024))]), 'x.png', 413, 'PAYLOAD_TOO_LARGE'],
]) await row(`${what} is refused`, 'POST /api/media', put(ada, 'avatar', raw, { name }), { status, code })
await row('nobody uploads without signing in', 'POST /api/media', put(undefined, 'avatar', png(8, 8)), { status: 401 })
await row('learners upload no lessons', 'POST /api/media', put(ada, 'lesson', png(8, 8)), { status: 403, code: 'FORBIDDEN' })
await row('the purpose is one there is', 'POST /api/media', put(ada, 'virus', png(8, 8)), { status: 400, fields: ['purpose'] })
await row('what is unknown in the query is said', 'POST /api/media', { ...put(ada, 'avatar', png(8, 8)), path: '/api/media?purpose=avatar&to=me' }, { status: 400, fields: ['to'] })
await row('pages of other sites do not upload for somebody', 'POST /api/media', put(await cookies(ada), 'avatar', png(8, 8), { headers: { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' } }), { status: 403 })
async function cookies(person) {
  return school.browser(person.email, password)
}
await test('what all files of a person take is bounded, before any byte is taken', async () => {
  const answer = await school.sendBytes(`POST /api/media?purpose=proof HTTP/1.1\r\nHost: 127.0.0.1:${school.port}\r\nAuthorization: Bearer ${bob.token}\r\nContent-Length: ${5 * 1024 * 1024}\r\n\r\n`)
  expect(answer.startsWith('HTTP/1.1 413') && answer.includes('QUOTA_EXCEEDED'), answer.slice(0, 500))
})

for (const [given, kept] of [
  ['../../../etc/passwd', 'passwd.png'],
  ['..\\..\\boot.ini', 'boot.ini.png'],
  ['a"; filename="x.html', 'a_; filename=_x.html.png'],
  ['Größe.png', 'Größe.png'],
  ['face.png.html', 'face.png.html.png'],
  ['\u202Egnp.exe', 'gnp.exe.png'],
  ['', 'file.png'],
]) {
  await row(`the name ${JSON.stringify(given)} becomes harmless`, 'POST /api/media', put(instructor, 'lesson', png(9, 9), { name: given }), {
    status: 201,
    has: { name: kept },
    then: async ({ json }) => {
      const answer = await school.send({ path: json.data.url })
      same(Object.keys(answer.headers).includes('set-cookie'), false, 'no header of theirs')
      expect(answer.headers['content-disposition'].includes(`filename*=UTF-8''${encodeURIComponent(kept).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`), answer.headers['content-disposition'])
      await school.judge('DELETE /api/media/{id}', { path: `/api/media/${json.data.id}`, as: instructor }, { status: 200 })
    },
  })
}
await row('a name has no line breaks', 'POST /api/media', put(instructor, 'lesson', png(9, 9), { name: 'x\r\nSet-Cookie: a=b.png' }), { status: 400, fields: ['name'] })
await row('a name may have 255 characters', 'POST /api/media', put(instructor, 'lesson', png(9, 9), { name: 'x'.repeat(256) }), { status: 400, fields: ['name'] })

for (const [what, raw, name] of [
  ['a page', quotes, 'page.html'],
  ['an SVG', Buffer.from('<svg onload="alert(1)"/>'), 'x.svg'],
  ['a program', Buffer.from('MZ\x90\0'), 'x.exe'],
  ['a PDF', Buffer.from('%PDF-1.7 /JavaScript'), 'score.pdf'],
  ['a text', Buffer.from('X:1\nK:C\nCDEF|\n'), 'tune.abc'],
]) {
  await row(`${what} for a lesson is handed out as a download that cannot run`, 'POST /api/media', put(instructor, 'lesson', raw, { name }), {
    status: 201,
    has: { kind: 'file', name },
    then: async ({ json }) => {
      const answer = await school.send({ path: json.data.url })
      same(answer.headers['content-disposition'].startsWith(`attachment; filename="${name}"`), true, 'attachment')
      expect(!/html|svg|xml/.test(answer.headers['content-type']), answer.headers['content-type'])
      same(answer.headers['x-content-type-options'], 'nosniff', 'nosniff')
      expect(/default-src 'none'.*sandbox/.test(answer.headers['content-security-policy']), answer.headers['content-security-policy'])
      await school.judge('DELETE /api/media/{id}', { path: `/api/media/${json.data.id}`, as: instructor }, { status: 200 })
    },
  })
}

// --- Parts

const film = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom', 'latin1'), Buffer.from(Array.from({ length: 300_001 }, (_, i) => (i * 7 + (i >> 8)) & 255))])
const uploaded = await row('an instructor uploads a film', 'POST /api/media', put(instructor, 'lesson', film, { name: 'bow.mp4' }), { status: 201, has: { kind: 'video', mime: 'video/mp4', bytes: film.length, sha256: createHash('sha256').update(film).digest('hex'), visibility: 'entitled' } })
const link = uploaded.json.data.url
const size = film.length
const etag = (await school.send({ path: link })).headers.etag
for (const [range, from, to] of [
  ['bytes=0-0', 0, 1],
  ['bytes=0-', 0, size],
  ['bytes=0-999', 0, 1000],
  ['bytes=65530-65545', 65530, 65546],
  ['bytes=-1', size - 1, size],
  ['bytes=-1000', size - 1000, size],
  [`bytes=-${size * 5}`, 0, size],
  [`bytes=${size - 1}-`, size - 1, size],
  [`bytes=100-${size + 5000}`, 100, size],
  ['bytes=131072-262143', 131072, 262144],
]) {
  await row(`${range} is exactly that`, 'GET /api/media/{id}', { path: link, headers: { Range: range } }, {
    status: 206,
    headers: { 'Content-Range': `bytes ${from}-${to - 1}/${size}`, 'Content-Length': String(to - from), ETag: etag },
    then: ({ bytes }) => expect(bytes.equals(film.subarray(from, to)), 'the bytes'),
  })
}
for (const range of ['bytes=5-1', 'bytes=abc', 'pages=1-2', 'bytes=', 'bytes=-', 'bytes=1-2,5-6', `bytes=${Array.from({ length: 1000 }, () => '0-').join(',')}`, 'bytes=99999999999999999999-']) {
  await row(`${range.slice(0, 30)} is answered with the whole, once`, 'GET /api/media/{id}', { path: link, headers: { Range: range } }, { status: 200, then: ({ bytes }) => expect(bytes.equals(film), 'the bytes') })
}
for (const range of [`bytes=${size}-`, `bytes=${size + 10}-${size + 20}`, 'bytes=-0'])
  await row(`${range} is out of range`, 'GET /api/media/{id}', { path: link, headers: { Range: range } }, { status: 416, headers: { 'Content-Range': `bytes */${size}` } })
await row('If-Range with the same ETag gives the part', 'GET /api/media/{id}', { path: link, headers: { Range: 'bytes=10-19', 'If-Range': etag } }, { status: 206 })
await row('If-Range with another gives the whole', 'GET /api/media/{id}', { path: link, headers: { Range: 'bytes=10-19', 'If-Range': '"other"' } }, { status: 200, then: ({ bytes }) => same(bytes.length, size, 'bytes') })
await row('If-None-Match with the ETag gives nothing', 'GET /api/media/{id}', { path: link, headers: { 'If-None-Match': etag } }, { status: 304, then: ({ bytes }) => same(bytes.length, 0, 'bytes') })
await row('a HEAD tells the size', 'GET /api/media/{id}', { method: 'HEAD', path: link, headers: { Range: 'bytes=0-9' } }, { status: 200, headers: { 'Content-Length': String(size), ETag: etag, 'Accept-Ranges': 'bytes' } })
await row('what no lesson lets be kept is no download', 'GET /api/media/{id}', { path: `${link}&download=1` }, { status: 403, code: 'NOT_DOWNLOADABLE' })
await row('a teacher downloads it all the same', 'GET /api/media/{id}', { path: `${link}&download=1`, as: instructor }, { status: 200, headers: { 'Content-Disposition': /^attachment; filename="bow\.mp4"/ } })

// --- Who may have what

const bare = `/api/media/${uploaded.json.data.id}`
await row('without its signature a file that no lesson shows is not there', 'GET /api/media/{id}', { path: bare, as: ada }, { status: 404 })
await row('nor for anybody else', 'GET /api/media/{id}', { path: bare }, { status: 404 })
await row('but for instructors', 'GET /api/media/{id}', { path: bare, as: owner }, { status: 200 })
await row('a forged signature opens nothing', 'GET /api/media/{id}', { path: `${link.slice(0, -2)}xx` }, { status: 404 })
await row('a signature is good for its file alone', 'GET /api/media/{id}', { path: link.replace(uploaded.json.data.id, strangeId) }, { status: 404 })
await row('a later end needs another signature', 'GET /api/media/{id}', { path: link.replace(/expires=\d/, 'expires=9') }, { status: 404 })
await row('there is no file of a made-up id', 'GET /api/media/{id}', { path: '/api/media/..%2f..%2fetc%2fpasswd' }, { status: [400, 404] })

const course = (await school.send({ path: '/api/courses/hear-what-you-play' })).json.data
const lessons = course.modules.flatMap((module) => module.lessons)
const heard = lessons.find((lesson) => lesson.kind === 'audio')
expect(heard, 'the demo course has a recording')
await row('a lesson that is closed shows no link to its recording', 'GET /api/lessons/{id}', { path: `/api/lessons/${heard.id}`, as: ada }, { status: 402 })
const open = await row('a lesson that is open has a signed link to its recording', 'GET /api/lessons/{id}', { path: `/api/lessons/${heard.id}`, as: instructor }, {
  status: 200,
  then: async ({ json }) => {
    const { media } = json.data
    same([media.kind, media.mime, media.name], ['audio', 'audio/wav', 'not-yet-home.wav'], 'recording')
    const { status, bytes } = await school.send({ path: media.url })
    same([status, bytes.length, bytes.subarray(0, 4).toString()], [200, media.bytes, 'RIFF'], 'recording')
  },
})
if (open) {
  const { id } = open.json.data.media
  await row('who has not paid does not hear it', 'GET /api/media/{id}', { path: `/api/media/${id}`, as: ada }, { status: 402, code: 'PAYMENT_REQUIRED' })
  await row('who is not signed in does not either', 'GET /api/media/{id}', { path: `/api/media/${id}` }, { status: 401 })
  await row('an administrator cannot delete what a lesson plays', 'DELETE /api/media/{id}', { path: `/api/media/${id}`, as: owner }, { status: 409, code: 'MEDIA_IN_USE' })
}
await test('a recording is kept where its lesson lets it', async () => {
  const ask = async (method, template, path, body) => (await school.judge(`${method} ${template}`, { as: instructor, path, body }, { status: [200, 201] })).json.data
  const made = await ask('POST', '/api/courses', '/api/courses', { title: 'To keep or not', summary: 'Short.', access: 'free' })
  const part = await ask('POST', '/api/courses/{id}/modules', `/api/courses/${made.id}/modules`, { title: 'M' })
  const body = { title: 'Film', kind: 'video', mediaId: uploaded.json.data.id }
  const film = await ask('POST', '/api/modules/{id}/lessons', `/api/modules/${part.id}/lessons`, body)
  await ask('POST', '/api/courses/{id}/publish', `/api/courses/${made.id}/publish`, {})
  const media = async () => (await school.judge('GET /api/lessons/{id}', { as: ada, path: `/api/lessons/${film.id}` }, { status: 200 })).json.data.media
  const before = await media()
  same(before.downloadUrl, null, 'no address to keep it')
  same((await school.send({ path: before.url })).headers['content-disposition'].split(';')[0], 'inline', 'shown')
  for (const [path, as] of [[`${before.url}&download=1`], [`/api/media/${before.id}?download=1`, ada]]) await school.judge('GET /api/media/{id}', { path, as }, { status: 403, code: 'NOT_DOWNLOADABLE' })
  await ask('PUT', '/api/lessons/{id}', `/api/lessons/${film.id}`, { ...body, downloadable: true })
  const after = await media()
  same((await school.send({ path: after.downloadUrl })).headers['content-disposition'].split(';')[0], 'attachment', 'handed out')
  await school.judge('DELETE /api/courses/{idOrSlug}', { as: instructor, path: `/api/courses/${made.id}` }, { status: 200 })
})
await row('a lesson without a film embeds nothing', 'GET /embed/{lessonId}', { path: `/embed/${heard.id}`, as: instructor }, { status: 404 })
await row('a lesson that is closed embeds nothing either', 'GET /embed/{lessonId}', { path: `/embed/${heard.id}`, as: ada }, { status: 402 })

const proof = await row('a proof is private', 'POST /api/media', put(ada, 'proof', Buffer.from('%PDF-1.7 paid'), { name: 'paid.pdf' }), { status: 201, has: { visibility: 'private' } })
await row('its owner sees it, and nothing keeps it', 'GET /api/media/{id}', { path: proof.json.data.url, as: ada }, { status: 200, headers: { 'Cache-Control': 'private, no-store', 'Content-Disposition': /^attachment/ } })
await row('others do not', 'GET /api/media/{id}', { path: proof.json.data.url, as: bob }, { status: 404 })
await row('nor instructors', 'GET /api/media/{id}', { path: proof.json.data.url, as: instructor }, { status: 404 })
await row('administrators do', 'GET /api/media/{id}', { path: proof.json.data.url, as: owner }, { status: 200 })
await row('others delete it no more than they see it', 'DELETE /api/media/{id}', { path: proof.json.data.url, as: bob }, { status: 404 })
await row('its owner deletes it', 'DELETE /api/media/{id}', { path: proof.json.data.url, as: ada }, { status: 200 })

// --- The library

await row('the library lists what lessons may show', 'GET /api/media', { as: instructor }, { status: 200, then: ({ json }) => expect(json.data.some((each) => each.id === uploaded.json.data.id) && json.data.every((each) => each.purpose === 'lesson'), 'the film is there, and no faces') })
await row('by kind', 'GET /api/media', { as: instructor, path: '/api/media?kind=video' }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.name), ['bow.mp4'], 'names') })
await row('by name', 'GET /api/media', { as: instructor, path: '/api/media?q=HOME' }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.name), ['not-yet-home.wav'], 'names') })
await row('a page at a time', 'GET /api/media', { as: instructor, path: '/api/media?limit=1' }, { status: 200, then: ({ json }) => expect(json.data.length === 1 && json.page.nextCursor, JSON.stringify(json.page)) })
await row('not for learners', 'GET /api/media', { as: ada }, { status: 403 })
await row('not for strangers', 'GET /api/media', {}, { status: 401 })

await row('only what one uploaded oneself', 'GET /api/media', { as: owner, path: '/api/media?mine=true' }, { status: 200, then: ({ json }) => same(json.data.map((each) => each.name), [], 'names') })
await row('a row says whose it is, and whether something holds on to it', 'GET /api/media', { as: instructor, path: '/api/media?q=bow.mp4' }, { status: 200, then: ({ json }) => same(json.data.map((each) => [each.mine, each.shown]), [[true, false]], 'marks') })
await row('what one\'s files take is told', 'GET /api/media/room', { as: instructor }, { status: 200, has: { bytes: film.length, quotaBytes: 100 * 1024 ** 3, fileBytesMax: 2048 * 1024 ** 2 } })
await row('not to learners', 'GET /api/media/room', { as: ada }, { status: 403 })
const named = `/api/media/${uploaded.json.data.id}`
await row('a file gets another name, with the ending that fits', 'PUT /api/media/{id}', { as: instructor, path: named, body: { name: 'Bow hold' } }, { status: 200, has: { name: 'Bow hold.mp4' } })
await row('an ending of another kind is refused at its field', 'PUT /api/media/{id}', { as: instructor, path: named, body: { name: 'bow.png' } }, { status: 400, fields: ['name'] })
await row('no name is none', 'PUT /api/media/{id}', { as: instructor, path: named, body: { name: '' } }, { status: 400, fields: ['name'] })
await row('learners rename nothing', 'PUT /api/media/{id}', { as: ada, path: named, body: { name: 'x' } }, { status: 403 })
await row('nor is there anything to rename by a made-up id', 'PUT /api/media/{id}', { as: instructor, path: `/api/media/${strangeId}`, body: { name: 'x' } }, { status: 404 })
await row('an administrator renames it back', 'PUT /api/media/{id}', { as: owner, path: named, body: { name: 'bow.mp4' } }, { status: 200, has: { name: 'bow.mp4', mine: false } })
await row('a file that nothing shows has no places', 'GET /api/media/{id}/places', { as: instructor, path: `${named}/places` }, { status: 200, data: { places: [], elsewhere: 0 } })
if (open) {
  const { id } = open.json.data.media
  await row('a recording names its lesson and the folder it came in', 'GET /api/media/{id}/places', { as: owner, path: `/api/media/${id}/places` }, {
    status: 200,
    then: ({ json }) => same(json.data.places.map((each) => [each.kind, each.courseId, each.title, each.editable]), [['file', course.id, heard.title, true], ['folder', course.id, 'media/not-yet-home.wav', true]], 'places'),
  })
  await row('places are not for learners', 'GET /api/media/{id}/places', { as: ada, path: `/api/media/${id}/places` }, { status: 403 })
}

// --- Courses with files

const zip = await row('a course goes out with its files', 'GET /api/courses/{id}/export', { path: `/api/courses/${course.id}/export`, as: owner }, {
  status: 200,
  headers: { 'Content-Type': 'application/zip' },
  then: ({ bytes }) => {
    for (const name of ['media/keyboard.png', 'media/not-yet-home.wav', 'course.md']) expect(bytes.includes(`hear-what-you-play/${name}`), name)
  },
})
await row('and is the same when it comes in again', 'POST /api/courses/import', { path: '/api/courses/import?check=1', as: owner, raw: zip?.bytes ?? '', type: 'application/zip' }, { status: 200, has: { slug: 'hear-what-you-play', change: 'none', dryRun: true } })

await test('what is longer than the settings allow is refused in words before it is sent', async () => {
  for (const [path, type, words] of [
    ['/api/media?purpose=lesson', 'video/mp4', 'The file is too large: it may have 2048 MiB.'],
    ['/api/courses/import', 'application/zip', 'A course may come as a ZIP of 2048 MiB. Import a larger one on the server: tuition course import.'],
  ]) {
    const answer = await school.sendBytes(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${school.port}\r\nAuthorization: Bearer ${instructor.token}\r\nContent-Type: ${type}\r\nContent-Length: ${3 * 1024 ** 3}\r\n\r\n`)
    expect(answer.startsWith('HTTP/1.1 413') && answer.includes(words), answer.slice(0, 600))
  }
})

// --- Uploads that do not end

const cut = (path, type, bytes, declared, person) =>
  new Promise((done) => {
    const socket = net.connect(school.port, '127.0.0.1', () => {
      socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${school.port}\r\nAuthorization: Bearer ${person.token}\r\nContent-Type: ${type}\r\nContent-Length: ${declared}\r\n\r\n`)
      socket.write(bytes, () => socket.destroy())
    })
    socket.on('error', () => undefined)
    socket.on('close', done)
    socket.resume()
  })
await test('uploads cut in the middle leave nothing', async () => {
  const before = await leftovers()
  const big = Buffer.concat([film, Buffer.alloc(2_000_000, 1)])
  await Promise.all(Array.from({ length: 20 }, () => cut('/api/media?purpose=lesson&name=cut.mp4', 'video/mp4', big, big.length + 1_000_000, instructor)))
  same(await leftovers(), before, 'files')
})
await test('nor do courses that are cut on their way in', async () => {
  const courses = async () => (await school.send({ path: '/api/studio/courses', as: owner })).json.page.total
  const before = [await courses(), await leftovers()]
  await Promise.all(Array.from({ length: 10 }, (_, i) => cut('/api/courses/import', 'application/zip', zip.bytes.subarray(0, Math.floor((zip.bytes.length * (i + 1)) / 12)), zip.bytes.length, owner)))
  same([await courses(), await leftovers()], before, 'courses and files')
})
await test('what is cut does not count against what a person may store', async () => {
  const cara = await school.member({ fullName: 'Cara' })
  const proof = (mark) => Buffer.concat([Buffer.from('%PDF-1.7 '), Buffer.alloc(3 * 1024 * 1024, mark)])
  await Promise.all(Array.from({ length: 10 }, (_, i) => cut('/api/media?purpose=proof&name=cut.pdf', 'application/pdf', proof(`${i}`).subarray(0, 2 * 1024 * 1024), 3 * 1024 * 1024 + 9, cara)))
  // Until the server has noticed that the connections are gone.
  await until('there is room again', async () => (await school.send({ ...put(cara, 'proof', proof('x'), { name: 'whole.pdf' }), method: 'POST' })).status === 201)
})
await test('fifty files at once never take more than a person may store, and each is answered', async () => {
  const dan = await school.member({ fullName: 'Dan' })
  const one = (i) => Buffer.concat([Buffer.from(`%PDF-1.7 ${i} `), Buffer.alloc(200 * 1024, `${i};`)])
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => school.send({ ...put(dan, 'proof', one(i), { name: `${i}.pdf` }), method: 'POST' })))
  for (const answer of answers) {
    expect(answer.status === 201 || (answer.status === 413 && answer.json.error.code === 'QUOTA_EXCEEDED'), answer.text.slice(0, 300))
    school.check(answer, { method: 'POST', path: '/api/media' })
  }
  const kept = answers.filter((answer) => answer.status === 201).map((answer) => answer.json.data)
  const bytes = kept.reduce((sum, each) => sum + each.bytes, 0)
  expect(kept.length > 0 && bytes <= 4 * 1024 * 1024, `${kept.length} files of ${bytes} bytes`)
  // What was refused counts nothing: there is room for exactly what is left, and what is deleted makes room.
  const more = Math.floor((4 * 1024 * 1024 - bytes) / (201 * 1024))
  for (let i = 0; i < more; i += 1) same((await school.send({ ...put(dan, 'proof', one(100 + i)), method: 'POST' })).status, 201, `one more of ${more}`)
  same((await school.send({ ...put(dan, 'proof', one(999)), method: 'POST' })).status, 413, 'full')
  await school.judge('DELETE /api/media/{id}', { path: kept[0].url, as: dan }, { status: 200 })
  same((await school.send({ ...put(dan, 'proof', one(999)), method: 'POST' })).status, 201, 'room again')
})
await test('a chunked upload without a length works like any other', async () => {
  const parts = [film.subarray(0, 100_000), film.subarray(100_000)]
  const head = `POST /api/media?purpose=lesson&name=chunked.mp4 HTTP/1.1\r\nHost: 127.0.0.1:${school.port}\r\nAuthorization: Bearer ${instructor.token}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`
  const body = parts.map((part) => Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]))
  const answer = await school.sendBytes(Buffer.concat([Buffer.from(head), ...body, Buffer.from('0\r\n\r\n')]))
  expect(answer.startsWith('HTTP/1.1 201'), answer.slice(0, 300))
  const { data } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
  same(data.sha256, uploaded.json.data.sha256, 'the same bytes')
})

await test('the database holds nothing of what was refused or cut', async () => {
  await school.stop()
  const ask = (sql) => execFileSync('sqlite3', [`${school.data}/school.db`, sql]).toString().trim()
  same(ask('SELECT COUNT(*) FROM blobs WHERE sha256 IS NULL'), '0', 'unfinished')
  same(ask('SELECT COUNT(*) FROM blobs WHERE id NOT IN (SELECT blob_id FROM media)'), '0', 'of nobody')
  same(ask('SELECT COUNT(*) FROM blob_chunks WHERE blob_id NOT IN (SELECT id FROM blobs)'), '0', 'loose')
  same(ask("SELECT COUNT(*) FROM (SELECT owner_id, SUM(bytes) AS taken FROM media WHERE purpose <> 'lesson' GROUP BY owner_id) WHERE taken > 4 * 1024 * 1024"), '0', 'over a quota')
})
finish()
