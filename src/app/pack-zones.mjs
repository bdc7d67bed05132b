// node pack-zones.mjs FOLDER OUTPUT: the time zones of a machine (FOLDER as /usr/share/zoneinfo) as one small table, in the
// form that platform/base/zones.cc reads. Of each zone it keeps the changes since 1970, when our instants begin, without
// those that its rule for the years to come gives as well; zones with the same history share their bytes.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, output] = process.argv.slice(2)

// A TZif file (RFC 8536): the second block, with 64-bit times.
function parse(bytes) {
  const header = (at) => {
    if (bytes.toString('latin1', at, at + 4) !== 'TZif') throw new Error('no zone file')
    const [utc, standard, leaps, changes, types, letters] = [0, 1, 2, 3, 4, 5].map((i) => bytes.readUInt32BE(at + 20 + 4 * i))
    const size = (width) => changes * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + utc
    return { changes, types, size }
  }
  if (bytes[4] < 0x32) throw new Error('a zone file of version 1')
  const second = 44 + header(0).size(4)
  const { changes, types, size } = header(second)
  const times = second + 44
  const kinds = times + changes * 8
  const offsetOf = (type) => bytes.readInt32BE(kinds + changes + type * 6)
  const all = []
  for (let i = 0; i < changes; i += 1) all.push({ at: bytes.readBigInt64BE(times + i * 8), offset: offsetOf(bytes[kinds + i]) })
  const footer = bytes.toString('latin1', times + size(8)).split('\n')[1] ?? ''
  return { first: offsetOf(0), changes: all, footer }
}

// What the reader needs, as a block with one type per offset.
function pack({ first, changes, footer }) {
  let start = first
  let kept = []
  for (const change of changes) {
    if (change.at < 0n) start = change.offset
    else if (change.offset !== (kept.at(-1)?.offset ?? start)) kept.push(change)
  }
  if (/,/.test(footer)) kept = withoutRuled(kept, footer)
  const offsets = [start, ...new Set(kept.map((each) => each.offset))].filter((each, i, all) => all.indexOf(each) === i)
  const head = Buffer.alloc(44)
  head.write('TZif2', 'latin1')
  head.writeUInt32BE(kept.length, 32)
  head.writeUInt32BE(offsets.length, 36)
  const times = Buffer.alloc(kept.length * 8)
  kept.forEach((each, i) => times.writeBigInt64BE(each.at, i * 8))
  const kinds = Buffer.from(kept.map((each) => offsets.indexOf(each.offset)))
  const types = Buffer.alloc(offsets.length * 6)
  offsets.forEach((each, i) => types.writeInt32BE(each, i * 6))
  return Buffer.concat([head, times, kinds, types, Buffer.from(`\n${footer}\n`, 'latin1')])
}

// [+-]h[:mm[:ss]] in seconds.
function seconds(text) {
  const [, sign, h, m = '0', s = '0'] = /^([+-]?)(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text)
  return (Number(h) * 3600 + Number(m) * 60 + Number(s)) * (sign === '-' ? -1 : 1)
}

// The two changes of a year by a rule such as CET-1CEST,M3.5.0,M10.5.0/3; null for forms that nobody uses any more.
function ruleOf(footer) {
  const found = /^(?:<[^>]+>|[A-Za-z]+)([+-]?[\d:]+)(?:<[^>]+>|[A-Za-z]+)([+-]?[\d:]+)?,M(\d+)\.(\d)\.(\d)(?:\/([+-]?[\d:]+))?,M(\d+)\.(\d)\.(\d)(?:\/([+-]?[\d:]+))?$/.exec(footer)
  if (!found) return null
  const standard = -seconds(found[1])
  const summer = found[2] ? -seconds(found[2]) : standard + 3600
  const moment = (year, [month, week, day, time], offset) => {
    const first = new Date(Date.UTC(year, Number(month) - 1, 1))
    const days = new Date(Date.UTC(year, Number(month), 0)).getUTCDate()
    let date = 1 + ((Number(day) - first.getUTCDay() + 7) % 7) + (Number(week) - 1) * 7
    while (date > days) date -= 7
    return BigInt(Date.UTC(year, Number(month) - 1, date) / 1000 + seconds(time ?? '2') - offset)
  }
  return (year) =>
    [
      { at: moment(year, found.slice(3, 7), standard), offset: summer },
      { at: moment(year, found.slice(7, 11), summer), offset: standard },
    ].sort((a, b) => (a.at < b.at ? -1 : 1))
}

function withoutRuled(kept, footer) {
  const rule = ruleOf(footer)
  if (!rule) return kept
  let end = kept.length
  while (end > 1) {
    const last = kept[end - 1]
    const year = new Date(Number(last.at) * 1000).getUTCFullYear()
    const around = [year - 1, year, year + 1].flatMap(rule)
    const place = around.findIndex((each) => each.at === last.at && each.offset === last.offset)
    // Nor may a change that the rule gives be missing in between.
    if (place < 0 || (end < kept.length && around[place + 1].at !== kept[end].at)) break
    end -= 1
  }
  // From the last change that stays, the rule takes over: so the first it gives stays too, as the seam.
  return kept.slice(0, Math.min(end + 1, kept.length))
}

const files = new Map()
const aside = new Set(['posix', 'right', 'localtime', 'posixrules', 'Factory'])
const walk = (path) => {
  for (const name of readdirSync(join(folder, path)).sort()) {
    const inner = path ? `${path}/${name}` : name
    if (aside.has(inner)) continue
    if (statSync(join(folder, inner)).isDirectory()) walk(inner)
    else {
      const bytes = readFileSync(join(folder, inner))
      if (bytes.toString('latin1', 0, 4) === 'TZif') files.set(inner, pack(parse(bytes)))
    }
  }
}
walk('')

// Names of old that a distribution may leave out are links in the list: "L Asia/Kolkata Asia/Calcutta".
const list = readFileSync(join(folder, 'tzdata.zi'), 'utf8').split('\n')
const version = /^# version (\S+)/.exec(list[0])?.[1]
if (!version) throw new Error(`${folder}/tzdata.zi does not say its version`)
for (const line of list) {
  const [, target, name] = /^L (\S+) (\S+)$/.exec(line) ?? []
  if (name && files.has(target) && !files.has(name)) files.set(name, files.get(target))
}

const places = new Map()
const bytes = []
let at = 0
let lines = `# version ${version}\n`
for (const [name, packed] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const key = packed.toString('latin1')
  if (!places.has(key)) {
    places.set(key, at)
    bytes.push(packed)
    at += packed.length
  }
  lines += `${name} ${places.get(key)} ${packed.length}\n`
}
if (files.size < 400) throw new Error(`${folder} holds ${files.size} time zones only; install the package tzdata`)
writeFileSync(output, Buffer.concat([Buffer.from(`${lines}\n`, 'latin1'), ...bytes]))
