import type { Schemas } from '../../lib/api/client'

// The practice fence of a lesson's text, read for a form and changed line by line. The text stays the truth: a change
// touches the one line it is about, and whatever else somebody wrote by hand stays as it is. What is right, the server
// decides; a line it would refuse is still read as far as it goes.

export type ExerciseKind = Schemas['PracticeExercise']['kind']
export const exerciseKinds: ExerciseKind[] = ['interval', 'chord', 'rhythm', 'note']

export interface Spec {
  kind: ExerciseKind
  level: string // "1"; empty: not said
  low: string // "C4"; empty: not said
  high: string
}

export interface Line {
  at: number // among the lines of the text, from 0
  text: string
  spec: Spec | null // null: not of the form's making
}

export interface Fence {
  at: number // its first line
  exercises: { at: number; value: string } | null
  pass: { at: number; value: string } | null
  lines: Line[] // of exercises, and those that are nothing known
}

const opening = '```practice'
const closing = '```'

export function readFence(text: string): Fence | null {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => line.trim() === opening)
  if (at === -1) return null
  const fence: Fence = { at, exercises: null, pass: null, lines: [] }
  for (let i = at + 1; i < lines.length; i++) {
    const line = (lines[i] as string).trim()
    if (line === closing) break
    if (line === '') continue
    const number = /^(exercises|pass):(.*)$/.exec(line)
    if (number) fence[number[1] as 'exercises' | 'pass'] = { at: i, value: (number[2] as string).trim() }
    else fence.lines.push({ at: i, text: line, spec: line.startsWith('- ') ? readSpec(line.slice(2)) : null })
  }
  return fence
}

function readSpec(text: string): Spec | null {
  const [kind, ...parts] = text.split(',').map((part) => part.trim())
  if (!exerciseKinds.includes(kind as ExerciseKind)) return null
  const spec: Spec = { kind: kind as ExerciseKind, level: '', low: '', high: '' }
  for (const part of parts) {
    const level = /^level(?: +(.*))?$/.exec(part)
    const range = /^(\S*) *\bto\b *(\S*)$/.exec(part)
    if (level && !spec.level) spec.level = level[1] ?? ''
    else if (range && !spec.low && !spec.high) [spec.low, spec.high] = [range[1] as string, range[2] as string]
    else return null
  }
  return spec
}

export function writeSpec(spec: Spec): string {
  const level = spec.level ? `, level ${spec.level}` : ''
  const range = spec.kind !== 'rhythm' && (spec.low || spec.high) ? `, ${spec.low} to ${spec.high}`.trimEnd() : ''
  return `- ${spec.kind}${level}${range}`
}

const indent = (line: string) => /^\s*/.exec(line)?.[0] ?? ''

function edit(text: string, change: (lines: string[]) => void): string {
  const lines = text.split('\n')
  change(lines)
  return lines.join('\n')
}

export const withSpec = (text: string, at: number, spec: Spec): string => edit(text, (lines) => (lines[at] = indent(lines[at] as string) + writeSpec(spec)))
export const withoutLine = (text: string, at: number): string => edit(text, (lines) => lines.splice(at, 1))

// Two lines of exercises change places; what stands between them stays.
export const withSwapped = (text: string, one: number, other: number): string =>
  edit(text, (lines) => ([lines[one], lines[other]] = [lines[other] as string, lines[one] as string]))

// After the last line of exercises, or of the numbers.
export function withAdded(text: string, spec: Spec): string {
  const fence = readFence(text)
  if (!fence) return text
  const after = Math.max(fence.at, fence.exercises?.at ?? 0, fence.pass?.at ?? 0, ...fence.lines.map((line) => line.at))
  return edit(text, (lines) => lines.splice(after + 1, 0, writeSpec(spec)))
}

// An empty value takes the line away: then the server's own number holds.
export function withNumber(text: string, name: 'exercises' | 'pass', value: string): string {
  const fence = readFence(text)
  if (!fence) return text
  const there = fence[name]
  if (there) return value ? edit(text, (lines) => (lines[there.at] = `${indent(lines[there.at] as string)}${name}: ${value}`)) : withoutLine(text, there.at)
  if (!value) return text
  const after = name === 'pass' && fence.exercises ? fence.exercises.at : fence.at
  return edit(text, (lines) => lines.splice(after + 1, 0, `${name}: ${value}`))
}

export function withFence(text: string): string {
  const before = text.trimEnd()
  return `${before}${before ? '\n\n' : ''}${opening}\nexercises: 10\npass: 80\n- interval, level 1\n${closing}\n`
}

export interface Mistake {
  line: number // of the text, from 1
  what: string
}

// "is not closed" and the like belong to no line of the form.
export function mistakesAt(mistakes: Mistake[], fence: Fence | null): { at: (line: number) => string | undefined; rest: Mistake[] } {
  const own = new Set([...(fence?.lines.map((line) => line.at) ?? []), ...(fence?.exercises ? [fence.exercises.at] : []), ...(fence?.pass ? [fence.pass.at] : [])])
  return {
    at: (line) => mistakes.find((mistake) => mistake.line === line + 1 && own.has(line))?.what,
    rest: mistakes.filter((mistake) => !own.has(mistake.line - 1)),
  }
}

// At which of a line's fields a mistake stands.
export function fieldOf(what: string): 'kind' | 'level' | 'range' {
  if (what.startsWith('level')) return 'level'
  if (/range/.test(what)) return 'range'
  return 'kind'
}

// The server's words as a sentence of their own: some have no subject.
export function sentenceOf(what: string, subject: string): string {
  const whole = /^(is|begins|names|has) /.test(what) ? `${subject} ${what}` : what
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}.`
}
