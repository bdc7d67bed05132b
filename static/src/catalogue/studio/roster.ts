import { m } from '../../lib/i18n'
import type { Learner } from './studio'

// How somebody came into a course.
export function sourceName(source: Learner['source']): string {
  return { free: m('studio.sourceFree'), purchase: m('studio.sourcePurchase'), grant: m('studio.sourceGrant'), progress: m('studio.sourceProgress') }[source]
}
