import type { Schemas } from '../lib/api/client'

// What was answered, as it was shown. `yesAndNo`: the words of a true_false question that brings none.
export function inWords(question: Schemas['Question'], answer: unknown, yesAndNo: string[]): string {
  const texts = question.kind === 'true_false' && question.options.length === 0 ? yesAndNo : question.options
  const text = (place: unknown) => texts[Number(place)] ?? ''
  if (question.kind === 'matching' && Array.isArray(answer)) return answer.map((choice, place) => `${texts[place] ?? ''} – ${question.choices[Number(choice)] ?? ''}`).join('; ')
  if (Array.isArray(answer)) return answer.map(text).join(question.kind === 'ordering' ? ' → ' : ', ')
  if (typeof answer === 'number' && (question.kind === 'single' || question.kind === 'true_false')) return text(answer)
  return typeof answer === 'string' || typeof answer === 'number' ? String(answer) : ''
}
