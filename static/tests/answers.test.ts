import { describe, expect, it } from 'vitest'
import type { Schemas } from '../src/lib/api/client'
import { inWords } from '../src/learning/answers'

const asked = (kind: Schemas['Question']['kind'], options: string[] = [], choices: string[] = []): Schemas['Question'] => ({ id: 'q', kind, question: '', options, points: 1, choices, media: null })
const words = ['True', 'False']

describe('an answer in words', () => {
  it.each([
    ['a choice', asked('single', ['a third', 'a fifth']), 1, 'a fifth'],
    ['true or false', asked('true_false'), 0, 'True'],
    ['true or false in words of their own', asked('true_false', ['Ja', 'Nein']), 1, 'Nein'],
    ['several', asked('multiple', ['x', 'y', 'z']), [0, 2], 'x, z'],
    ['an order', asked('ordering', ['x', 'y', 'z']), [2, 0, 1], 'z → x → y'],
    ['pairs', asked('matching', ['C', 'G'], ['dominant', 'tonic']), [1, 0], 'C – tonic; G – dominant'],
    ['a number', asked('number'), '0.5', '0.5'],
    ['a text', asked('text'), 'la', 'la'],
    ['an option that is gone', asked('single', ['x']), 4, ''],
    ['nothing', asked('single', ['x']), null, ''],
  ])('is %s', (_what, question, answer, said) => expect(inWords(question, answer, words)).toBe(said))
})
