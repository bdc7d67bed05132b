// Draws and plays what the demo courses show: node make-media.mjs writes the files in media/ anew, the same bytes each
// time. Nothing of it is anybody else's.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateSync, crc32 } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))

// --- A keyboard of three octaves with middle C marked: PNG of five colours.

const width = 880
const height = 200
const colours = [[255, 255, 255], [28, 27, 34], [208, 206, 220], [108, 71, 255], [240, 236, 255]]
const [white, black, line, accent, wash] = colours.keys()
const pixels = new Uint8Array(width * height)
const fill = (x, y, w, h, colour) => {
  for (let row = y; row < y + h; ++row) pixels.fill(colour, row * width + x, row * width + x + w)
}
const keys = 21
const wide = Math.floor((width - 19) / keys)
for (let key = 0; key < keys; ++key) {
  const x = 10 + key * wide
  fill(x, 10, wide + 1, 180, line)
  fill(x + 1, 11, wide - 1, 178, key === 7 ? wash : white)
}
for (let key = 0; key < keys - 1; ++key) if (![2, 6].includes(key % 7)) fill(10 + (key + 1) * wide - 13, 10, 26, 110, black)
for (let y = -11; y <= 11; ++y) for (let x = -11; x <= 11; ++x) if (x * x + y * y <= 121) pixels[(162 + y) * width + 10 + 7 * wide + Math.floor(wide / 2) + x] = accent

function block(name, content) {
  const out = Buffer.alloc(12 + content.length)
  out.writeUInt32BE(content.length, 0)
  out.write(name, 4, 'latin1')
  content.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + content.length)), 8 + content.length)
  return out
}
const head = Buffer.alloc(13)
head.writeUInt32BE(width, 0)
head.writeUInt32BE(height, 4)
head.set([8, 3, 0, 0, 0], 8)
const rows = Buffer.alloc((width + 1) * height)
for (let y = 0; y < height; ++y) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
writeFileSync(join(here, 'hear-what-you-play/media/keyboard.png'), Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), block('IHDR', head), block('PLTE', Buffer.from(colours.flat())), block('IDAT', deflateSync(rows, { level: 9 })), block('IEND', Buffer.alloc(0))]))

// --- Tonic, subdominant, dominant in C major, and then nothing: WAV, one channel.

const rate = 11025
const chords = [[60, 64, 67, 72], [60, 65, 69, 72], [59, 62, 67, 74]]
const long = 1.1
const samples = new Int16Array(Math.round(rate * long * chords.length))
chords.forEach((chord, at) => {
  for (let i = 0; i < rate * long; ++i) {
    const t = i / rate
    const swell = Math.min(1, t / 0.02) * Math.min(1, (long - t) / 0.15) * Math.exp(-t * 1.2)
    let sum = 0
    for (const note of chord) {
      const turn = 2 * Math.PI * 440 * 2 ** ((note - 69) / 12) * t
      sum += Math.sin(turn) + 0.4 * Math.sin(2 * turn) + 0.15 * Math.sin(3 * turn)
    }
    samples[Math.round(at * rate * long) + i] = Math.round((sum / chord.length) * swell * 17000)
  }
})
const wav = Buffer.alloc(44 + samples.length * 2)
wav.write('RIFF', 0, 'latin1')
wav.writeUInt32LE(36 + samples.length * 2, 4)
wav.write('WAVEfmt ', 8, 'latin1')
wav.writeUInt32LE(16, 16)
wav.writeUInt16LE(1, 20)
wav.writeUInt16LE(1, 22)
wav.writeUInt32LE(rate, 24)
wav.writeUInt32LE(rate * 2, 28)
wav.writeUInt16LE(2, 32)
wav.writeUInt16LE(16, 34)
wav.write('data', 36, 'latin1')
wav.writeUInt32LE(samples.length * 2, 40)
samples.forEach((sample, at) => wav.writeInt16LE(sample, 44 + at * 2))
writeFileSync(join(here, 'hear-what-you-play/media/not-yet-home.wav'), wav)
