import { describe, expect, it } from 'vitest'
import { fieldOf, mistakesAt, readFence, sentenceOf, withAdded, withFence, withNumber, withoutLine, withSpec, withSwapped, writeSpec, type Spec } from '../src/catalogue/studio/practice'

const text = ['Listen first.', '', '```practice', 'exercises: 12', '', '  - interval, level 2, C4 to C6', '- chord', 'hum along', '- rhythm, level 3', '```', '', 'Then rest.', ''].join('\n')
const spec = (more: Partial<Spec>): Spec => ({ kind: 'interval', level: '', low: '', high: '', ...more })

describe('a practice fence', () => {
  it('is read line by line, and what is unknown is kept as it is', () => {
    const fence = readFence(text)
    expect(fence?.exercises).toEqual({ at: 3, value: '12' })
    expect(fence?.pass).toBeNull()
    expect(fence?.lines).toEqual([
      { at: 5, text: '- interval, level 2, C4 to C6', spec: spec({ level: '2', low: 'C4', high: 'C6' }) },
      { at: 6, text: '- chord', spec: spec({ kind: 'chord' }) },
      { at: 7, text: 'hum along', spec: null },
      { at: 8, text: '- rhythm, level 3', spec: spec({ kind: 'rhythm', level: '3' }) },
    ])
    expect(readFence('No exercises.')).toBeNull()
    expect(readFence('```practice\n- chord')?.lines).toHaveLength(1)
  })

  it.each([
    ['- melody', null],
    ['- interval, level 2, level 3', null],
    ['- interval, softly', null],
    ['- interval, level', spec({})],
    ['- interval, C4 to', spec({ low: 'C4' })],
    ['- interval, to C6', spec({ high: 'C6' })],
    ['- note, F#3 to Bb5, level 9', spec({ kind: 'note', level: '9', low: 'F#3', high: 'Bb5' })],
  ])('reads %s as far as it goes', (line, read) => {
    expect(readFence('```practice\n' + line + '\n```')?.lines[0]?.spec).toEqual(read)
  })

  it('reads what it writes', () => {
    for (const one of [spec({}), spec({ level: '3' }), spec({ kind: 'note', low: 'C4', high: 'C6' }), spec({ kind: 'chord', level: '2', low: 'C3' }), spec({ high: 'C6' })])
      expect(readFence('```practice\n' + writeSpec(one))?.lines[0]?.spec).toEqual(one)
    expect(writeSpec(spec({ kind: 'rhythm', low: 'C4', high: 'C6' }))).toBe('- rhythm')
  })

  it('changes one line and leaves the others', () => {
    expect(withSpec(text, 5, spec({ level: '3' }))).toBe(text.replace('- interval, level 2, C4 to C6', '- interval, level 3'))
    expect(withoutLine(text, 7)).toBe(text.replace('hum along\n', ''))
    expect(withSwapped(text, 6, 8)).toBe(text.replace('- chord\nhum along\n- rhythm, level 3', '- rhythm, level 3\nhum along\n- chord'))
    expect(withAdded(text, spec({ kind: 'note' }))).toBe(text.replace('- rhythm, level 3\n', '- rhythm, level 3\n- note\n'))
    expect(withNumber(text, 'exercises', '5')).toBe(text.replace('exercises: 12', 'exercises: 5'))
    expect(withNumber(text, 'exercises', '')).toBe(text.replace('exercises: 12\n', ''))
    expect(withNumber(text, 'pass', '75')).toBe(text.replace('exercises: 12\n', 'exercises: 12\npass: 75\n'))
    expect(withNumber('No fence.', 'pass', '75')).toBe('No fence.')
  })

  it('comes after the text that is there', () => {
    expect(readFence(withFence('Listen.\n'))?.lines).toHaveLength(1)
    expect(withFence('Listen.\n').startsWith('Listen.\n\n```practice\n')).toBe(true)
    expect(withFence('').startsWith('```practice\n')).toBe(true)
  })

  it('has its mistakes at its lines', () => {
    const found = mistakesAt([{ line: 6, what: 'level is 1, 2 or 3' }, { line: 3, what: 'the practice fence is not closed' }], readFence(text))
    expect([found.at(5), found.at(6)]).toEqual(['level is 1, 2 or 3', undefined])
    expect(found.rest.map((one) => one.what)).toEqual(['the practice fence is not closed'])
    expect(['level is 1, 2 or 3', 'a range is an octave at least', 'begins with interval, chord, rhythm or note'].map(fieldOf)).toEqual(['level', 'range', 'kind'])
  })

  it('has its mistakes told as sentences', () => {
    expect(sentenceOf('level is 1, 2 or 3', 'This line')).toBe('Level is 1, 2 or 3.')
    expect(sentenceOf('begins with interval, chord, rhythm or note', 'This line')).toBe('This line begins with interval, chord, rhythm or note.')
  })
})
