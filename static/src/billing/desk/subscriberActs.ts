import type { Schemas } from '../../lib/api/client'

// What an administrator may do about a subscription as it stands.
export type Act = 'change' | 'cancel' | 'resume' | 'extend' | 'pause'

export function actsOf({ subscription, extendable }: Pick<Schemas['SubscriberCase'], 'subscription' | 'extendable'>): Act[] {
  if (subscription.endedAt || !subscription.manageable) return []
  const ends = subscription.cancelAtPeriodEnd
  const runs = subscription.status === 'active' || subscription.status === 'trialing'
  const acts: Act[] = []
  if (ends || subscription.status === 'paused') acts.push('resume')
  if (runs && !ends) acts.push('change')
  if (extendable && subscription.status !== 'paused') acts.push('extend')
  if (subscription.status === 'active' && !ends) acts.push('pause')
  acts.push('cancel')
  return acts
}
