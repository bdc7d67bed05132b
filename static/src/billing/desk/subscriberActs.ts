import type { Schemas } from '../../lib/api/client'

// What an administrator may do about a subscription as it stands.
export type Act = 'change' | 'cancel' | 'resume' | 'extend'

export function actsOf({ subscription, extendable }: Pick<Schemas['SubscriberCase'], 'subscription' | 'extendable'>): Act[] {
  if (subscription.endedAt || !subscription.manageable) return []
  const ends = subscription.cancelAtPeriodEnd
  const runs = subscription.status === 'active' || subscription.status === 'trialing'
  const acts: Act[] = []
  if (ends) acts.push('resume')
  if (runs && !ends) acts.push('change')
  if (extendable) acts.push('extend')
  acts.push('cancel')
  return acts
}
