import type { Schemas } from '../../lib/api/client'
import { m } from '../../lib/i18n'
import type { Question, QuestionKind } from './studio'

// A question as it is being written, whatever its kind: what the kind does not use waits until it is asked for again.
export interface Draft {
  kind: QuestionKind
  question: string
  choices: { text: string; right: boolean }[]
  truth: boolean
  number: string
  tolerance: string
  accepted: string[]
  order: string[]
  pairs: { left: string; right: string }[]
  explanation: string
  points: string
  mediaId: string
}

export const questionKinds: QuestionKind[] = ['single', 'multiple', 'true_false', 'number', 'text', 'ordering', 'matching']

export function questionKindName(kind: QuestionKind): string {
  return {
    single: m('studio.single'),
    multiple: m('studio.multiple'),
    true_false: m('studio.trueFalse'),
    number: m('studio.number'),
    text: m('studio.shortText'),
    ordering: m('studio.ordering'),
    matching: m('studio.matching'),
  }[kind]
}

export function draftOf(question: Question | null): Draft {
  const choice = question?.kind === 'single' || question?.kind === 'multiple'
  const some = <T>(list: T[] | undefined, empty: () => T, least: number): T[] => [...(list ?? []), ...Array.from({ length: Math.max(0, least - (list?.length ?? 0)) }, empty)]
  return {
    kind: question?.kind ?? 'single',
    question: question?.question ?? '',
    choices: some(choice ? question.choices.map((each) => ({ ...each })) : undefined, () => ({ text: '', right: false }), question ? 2 : 3),
    truth: question?.kind === 'true_false' ? (question.choices[0]?.right ?? true) : true,
    number: question?.number ?? '',
    tolerance: question?.tolerance ?? '0',
    accepted: some(question?.accepted, () => '', 1),
    order: some(question?.order, () => '', 3),
    pairs: some(question?.pairs.map((each) => ({ ...each })), () => ({ left: '', right: '' }), 2),
    explanation: question?.explanation ?? '',
    points: String(question?.points ?? 1),
    mediaId: question?.mediaId ?? '',
  }
}

// What the server is sent: only what the kind has, without the rows left empty at its end.
export function formOf(draft: Draft, before: Question | null): Schemas['QuestionForm'] {
  const filled = (list: string[]) => list.map((each) => each.trim()).filter((each) => each !== '')
  const form: Record<string, unknown> = { kind: draft.kind, question: draft.question, explanation: draft.explanation, points: Number(draft.points) }
  if (before) form.revision = before.revision
  if (draft.mediaId) form.mediaId = draft.mediaId
  if (draft.kind === 'single' || draft.kind === 'multiple') form.choices = draft.choices.filter((each) => each.text.trim() !== '').map((each) => ({ text: each.text.trim(), right: each.right }))
  if (draft.kind === 'true_false') form.choices = [{ text: 'True', right: draft.truth }, { text: 'False', right: !draft.truth }]
  if (draft.kind === 'number') Object.assign(form, { number: draft.number.trim(), tolerance: draft.tolerance.trim() || '0' })
  if (draft.kind === 'text') form.accepted = filled(draft.accepted)
  if (draft.kind === 'ordering') form.order = filled(draft.order)
  if (draft.kind === 'matching') form.pairs = draft.pairs.filter((each) => each.left.trim() || each.right.trim()).map((each) => ({ left: each.left.trim(), right: each.right.trim() }))
  return form as Schemas['QuestionForm']
}
