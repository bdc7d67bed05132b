// The cover of a course: a board in one colour and a line of music that only this course has, both drawn from its slug.

export const boards = ['blue', 'green', 'rose', 'amber', 'violet', 'teal'] as const
export type Board = (typeof boards)[number]

export interface Cover {
  board: Board
  lines: string[]
  notes: { x: number; y: number; turn: number; stem: number; open: boolean }[]
}

export const width = 240
export const height = 300

export function cover(slug: string, accent: string | null): Cover {
  const random = generator(slug)
  const drawn = boards[Math.floor(random() * boards.length)] as Board
  const board = boards.find((name) => name === accent) ?? drawn

  const waves = 0.55 + random() * 0.75
  const phase = random() * Math.PI * 2
  const swing = 12 + random() * 12
  const gap = 8.5
  const middle = 210
  const centre = (x: number) => middle + swing * Math.sin((x / width) * Math.PI * 2 * waves + phase) * Math.sin((x / width) * Math.PI)
  const slope = (x: number) => (Math.atan(centre(x + 1) - centre(x - 1)) * 90) / Math.PI

  const lines = [-2, -1, 0, 1, 2].map((row) => {
    const points: string[] = []
    for (let x = 22; x <= width - 22; x += 4) points.push(`${x} ${(centre(x) + row * gap).toFixed(1)}`)
    return `M${points.join('L')}`
  })

  const count = 6 + Math.floor(random() * 3)
  const notes: Cover['notes'] = []
  let step = Math.floor(random() * 5) - 2
  for (let index = 0; index < count; index++) {
    const x = 40 + (index * (width - 80)) / (count - 1)
    step = Math.max(-4, Math.min(4, step + Math.floor(random() * 5) - 2))
    notes.push({ x, y: centre(x) - step * (gap / 2), turn: slope(x) - 20, stem: step > 0 ? 1 : -1, open: random() < 0.2 })
  }
  return { board, lines, notes }
}

// How large a title is, in hundredths of the cover's width, so that its longest word fits into one line.
export function titleSize(title: string): number {
  const longest = Math.max(1, ...title.split(/[\s\u2010-\u2014-]+/u).map((word) => [...word].length))
  const fits = 76 / (longest * 0.56)
  const length = [...title].length
  return Math.round(Math.max(5, Math.min(length > 64 ? 8.2 : length > 48 ? 9.5 : 12, fits)) * 10) / 10
}

// mulberry32 over an FNV-1a hash: the same slug always gives the same cover.
function generator(text: string): () => number {
  let state = 2166136261
  for (const char of text) state = Math.imul(state ^ (char.codePointAt(0) as number), 16777619)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
