// A long film goes in and out with memory flat, 50 uploads at once do, other writes go on meanwhile, and a crash in the
// middle of an upload leaves nothing. MEDIA_MIB for a longer film than 100 MiB, MEDIA_PARALLEL_MIB for more of each of
// the 50 than 4.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, finish, same, School, test } from './lib/rows.mjs'
import { Server } from './support/tuition.mjs'

const mib = 1024 * 1024
const long = Number(process.env.MEDIA_MIB ?? 100) * mib
const each = Number(process.env.MEDIA_PARALLEL_MIB ?? 4) * mib

const school = await School.start({ env: { RATE_LIMIT_ENABLED: 'false' } })
const instructor = await school.demo('instructor')
const resident = () => Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${school.server.pid}/status`, 'utf8'))[1]) * 1024

// Bytes of a film that nobody has in memory: each mebibyte is its number, over and over.
function* film(bytes, seed) {
  for (let at = 0; at < bytes; at += mib) {
    const piece = Buffer.alloc(Math.min(mib, bytes - at), `${seed}:${at / mib};`)
    if (at === 0) piece.write('\0\0\0\x20ftypisom', 0, 'latin1')
    yield piece
  }
}

function upload(bytes, seed, { stopAfter = Infinity, person = instructor } = {}) {
  const hash = createHash('sha256')
  return new Promise((done, failed) => {
    const request = http.request({ host: '127.0.0.1', port: school.port, method: 'POST', path: `/api/media?purpose=lesson&name=film-${seed}.mp4`, headers: { ...person.headers(), 'Content-Length': bytes, 'Content-Type': 'video/mp4' } }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => done({ status: answer.statusCode, json: JSON.parse(Buffer.concat(parts).toString()), sha256: hash.digest('hex') }))
    })
    request.on('error', (error) => (stopAfter < bytes ? done(null) : failed(error)))
    const pieces = film(bytes, seed)
    let sent = 0
    const more = () => {
      for (;;) {
        const { value, done: over } = pieces.next()
        if (over) return request.end()
        hash.update(value)
        sent += value.length
        const goesOn = request.write(value)
        if (sent >= stopAfter) return request.once('drain', () => request.destroy())
        if (!goesOn) return request.once('drain', more)
      }
    }
    more()
  })
}

function download(path, { headers = {}, slow = false } = {}) {
  const hash = createHash('sha256')
  return new Promise((done, failed) => {
    http.get({ host: '127.0.0.1', port: school.port, path, headers }, (answer) => {
      let bytes = 0
      answer.on('data', (part) => {
        bytes += part.length
        hash.update(part)
        if (slow && bytes % (8 * mib) < part.length) {
          answer.pause()
          setImmediate(() => answer.resume())
        }
      })
      answer.on('end', () => done({ status: answer.statusCode, bytes, sha256: hash.digest('hex') }))
      answer.on('error', failed)
    }).on('error', failed)
  })
}

let url = ''
let sha256 = ''
await test(`a film of ${long / mib} MiB goes in with memory flat, and other writes are not held up`, async () => {
  const before = resident()
  let most = 0
  let saves = 0
  let going = true
  const beside = (async () => {
    const learner = await school.demo('learner')
    while (going) {
      const answer = await school.send({ method: 'PUT', path: '/api/users/profile', as: learner, body: { fullName: `Leo ${saves}` } })
      same(answer.status, 200, 'a save meanwhile')
      saves += 1
      most = Math.max(most, resident())
    }
  })()
  const made = await upload(long, 'long')
  going = false
  await beside
  same(made.status, 201, JSON.stringify(made.json))
  same(made.json.data.sha256, made.sha256, 'digest')
  console.log(`  memory ${Math.round(before / mib)} -> ${Math.round(most / mib)} MiB, ${saves} saves meanwhile`)
  expect(saves > 5, `only ${saves} saves`)
  expect(most - before < 60 * mib, `memory grew by ${Math.round((most - before) / mib)} MiB`)
  url = made.json.data.url
  sha256 = made.sha256
})
await test('it comes out the same, to several at once, with memory flat', async () => {
  const before = resident()
  let most = 0
  const watch = setInterval(() => (most = Math.max(most, resident())), 20)
  const got = await Promise.all([download(url), download(url, { slow: true }), download(url)])
  clearInterval(watch)
  for (const answer of got) same([answer.status, answer.bytes, answer.sha256], [200, long, sha256], 'the film')
  console.log(`  memory ${Math.round(before / mib)} -> ${Math.round(most / mib)} MiB`)
  expect(most - before < 60 * mib, `memory grew by ${Math.round((most - before) / mib)} MiB`)
})
await test('seeking reads the part alone', async () => {
  const from = Math.floor(long / 2) + 12345
  const answer = await download(url, { headers: { Range: `bytes=${from}-${from + 99_999}` } })
  const index = Math.floor(from / mib)
  const wanted = Buffer.alloc(mib, `long:${index};`).subarray(from % mib, (from % mib) + 100_000)
  same([answer.status, answer.bytes, answer.sha256], [206, 100_000, createHash('sha256').update(wanted).digest('hex')], 'the part')
})
await test(`50 uploads of ${each / mib} MiB at once keep memory flat`, async () => {
  const before = resident()
  let most = 0
  const watch = setInterval(() => (most = Math.max(most, resident())), 20)
  const made = await Promise.all(Array.from({ length: 50 }, (_, i) => upload(each, `p${i}`)))
  clearInterval(watch)
  for (const answer of made) same([answer.status, answer.json.data?.sha256], [201, answer.sha256], JSON.stringify(answer.json))
  console.log(`  memory ${Math.round(before / mib)} -> ${Math.round(most / mib)} MiB`)
  // A quarter of a mebibyte for each, twice, and what their threads take.
  expect(most - before < 120 * mib, `memory grew by ${Math.round((most - before) / mib)} MiB`)
})

// An archive of stored files, piece by piece: texts, and one film that nobody has in memory.
function archive(files) {
  const entries = files.map((file) => ({ ...file, name: Buffer.from(file.name), crc: [...file.pieces()].reduce((sum, piece) => crc32(piece, sum), 0) }))
  let at = 0
  const central = []
  const headed = entries.map((entry) => {
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(1 << 11, 2)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(entry.crc, 10)
    common.writeUInt32LE(entry.size, 14)
    common.writeUInt32LE(entry.size, 18)
    common.writeUInt16LE(entry.name.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, entry.name)
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, entry.name])
    at += head.length + entry.size
    return { head, pieces: entry.pieces }
  })
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return {
    bytes: at + directory.length + end.length,
    *pieces() {
      for (const { head, pieces } of headed) {
        yield head
        yield* pieces()
      }
      yield directory
      yield end
    },
  }
}
function bring({ bytes, pieces }, query = '') {
  return new Promise((done, failed) => {
    const request = http.request({ host: '127.0.0.1', port: school.port, method: 'POST', path: `/api/courses/import${query}`, headers: { ...instructor.headers(), 'Content-Length': bytes, 'Content-Type': 'application/zip' } }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => done({ status: answer.statusCode, json: JSON.parse(Buffer.concat(parts).toString()) }))
    })
    request.on('error', failed)
    const all = pieces()
    const more = () => {
      for (;;) {
        const { value, done: over } = all.next()
        if (over) return request.end()
        if (!request.write(value)) return request.once('drain', more)
      }
    }
    more()
  })
}
// What goes out there comes in here; this process keeps none of it either.
function passOn(from, to) {
  return new Promise((done, failed) => {
    http.get({ host: '127.0.0.1', port: school.port, path: from, headers: instructor.headers() }, (out) => {
      const request = http.request({ host: '127.0.0.1', port: school.port, method: 'POST', path: to, headers: { ...instructor.headers(), 'Content-Length': out.headers['content-length'], 'Content-Type': 'application/zip' } }, (answer) => {
        const parts = []
        answer.on('data', (part) => parts.push(part))
        answer.on('end', () => done({ status: answer.statusCode, json: JSON.parse(Buffer.concat(parts).toString()) }))
      })
      request.on('error', failed)
      out.on('error', failed)
      out.pipe(request)
    }).on('error', failed)
  })
}
await test(`a course with a film of ${long / mib} MiB comes as a ZIP with memory flat`, async () => {
  const text = (name, words) => ({ name, size: Buffer.byteLength(words), pieces: () => [Buffer.from(words)] })
  const zip = archive([
    text('long/course.md', '---\nslug: long\ntitle: Long\naccess: free\n---\n'),
    text('long/01-m/module.md', '---\ntitle: M\nlevel: 1\n---\n'),
    text('long/01-m/01-seen.md', '---\ntitle: Seen\nkind: video\nfile: media/seen.mp4\n---\nLook.\n'),
    { name: 'long/media/seen.mp4', size: long, pieces: () => film(long, 'zip') },
  ])
  const wanted = [...film(long, 'zip')].reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest('hex')
  const before = resident()
  let most = 0
  const watch = setInterval(() => (most = Math.max(most, resident())), 20)
  const tried = await bring(zip, '?check=1')
  same([tried.status, tried.json.data?.change, tried.json.data?.dryRun], [200, 'created', true], JSON.stringify(tried.json))
  const made = await bring(zip)
  clearInterval(watch)
  same([made.status, made.json.data?.change], [200, 'created'], JSON.stringify(made.json))
  const [seen] = (await school.send({ path: '/api/media?q=seen.mp4', as: instructor })).json.data
  same([seen.bytes, seen.sha256], [long, wanted], 'the film')
  console.log(`  memory ${Math.round(before / mib)} -> ${Math.round(most / mib)} MiB`)
  expect(most - before < 60 * mib, `memory grew by ${Math.round((most - before) / mib)} MiB`)
})
await test('it goes out as a ZIP with memory flat, and is the same course when it comes back', async () => {
  const before = resident()
  let most = 0
  const watch = setInterval(() => (most = Math.max(most, resident())), 20)
  const path = '/api/courses/long/export'
  const [first, second] = await Promise.all([download(path, { headers: instructor.headers() }), download(path, { headers: instructor.headers(), slow: true })])
  same([first.status, first.bytes > long, first.bytes < long + 4096], [200, true, true], `${first.bytes} bytes`)
  same([second.status, second.bytes, second.sha256], [200, first.bytes, first.sha256], 'the same ZIP each time')
  const again = await passOn(path, '/api/courses/import')
  clearInterval(watch)
  same([again.status, again.json.data?.change], [200, 'none'], JSON.stringify(again.json))
  console.log(`  memory ${Math.round(before / mib)} -> ${Math.round(most / mib)} MiB`)
  expect(most - before < 60 * mib, `memory grew by ${Math.round((most - before) / mib)} MiB`)
})

const database = join(school.data, 'school.db')
const ask = (sql) => {
  const done = spawnSync('sqlite3', [database, sql])
  return done.error ? null : done.stdout.toString().trim()
}
await test('a crash in the middle of uploads leaves nothing after the next start', async () => {
  const cut = Promise.all(Array.from({ length: 4 }, (_, i) => upload(long, `c${i}`, { stopAfter: long - 1 }).catch(() => null)))
  // Once some of them are on the disk.
  for (let tries = 0; ask('SELECT COUNT(*) > 20 FROM blob_chunks WHERE blob_id IN (SELECT id FROM blobs WHERE sha256 IS NULL)') === '0' && tries < 5000; ++tries) await new Promise(setImmediate)
  await school.server.kill('SIGKILL')
  await cut
  const left = ask('SELECT COUNT(*) FROM blobs WHERE sha256 IS NULL')
  if (left === null) return console.log('  no sqlite3 here: not looked at')
  expect(Number(left) > 0, 'the crash came before any byte')
  school.server = new Server({ data: school.data, port: school.port, verb: 'dev', env: { LOG_LEVEL: 'debug', TUITION_LOG_FORMAT: 'json', RATE_LIMIT_ENABLED: 'false' } })
  await school.server.ready()
  for (let tries = 0; ask('SELECT COUNT(*) FROM blobs WHERE sha256 IS NULL') !== '0' && tries < 500; ++tries) await new Promise(setImmediate)
  same(ask('SELECT COUNT(*) FROM blobs WHERE sha256 IS NULL'), '0', 'unfinished')
  same(ask('SELECT COUNT(*) FROM blob_chunks WHERE blob_id NOT IN (SELECT id FROM blobs WHERE sha256 IS NOT NULL)'), '0', 'loose chunks')
  const again = await download(url)
  same([again.status, again.sha256], [200, sha256], 'the film is still there')
  console.log(`  the database takes ${Math.round(statSync(database).size / mib)} MiB`)
})

await school.stop()
finish()
