import { m } from '../../lib/i18n'

// Where things stand, in words and colours.
type Tone = 'good' | 'blue' | 'bad' | 'warm' | ''
type Standing = [words: () => string, tone: Tone]

const all = {
  payment: {
    pending: [() => m('desk.pending'), 'blue'],
    processing: [() => m('desk.processing'), 'blue'],
    success: [() => m('desk.paid'), 'good'],
    failed: [() => m('desk.failed'), 'bad'],
    cancelled: [() => m('desk.cancelled'), ''],
    partially_refunded: [() => m('desk.partlyBack'), 'warm'],
    refunded: [() => m('desk.back'), 'warm'],
    disputed: [() => m('desk.disputed'), 'bad'],
  },
  refund: {
    pending: [() => m('desk.onItsWay'), 'blue'],
    succeeded: [() => m('desk.sent'), 'good'],
    failed: [() => m('desk.failed'), 'bad'],
    cancelled: [() => m('desk.cancelled'), ''],
  },
  dispute: {
    inquiry: [() => m('desk.inquiry'), 'warm'],
    open: [() => m('desk.disputed'), 'bad'],
    won: [() => m('desk.won'), 'good'],
    lost: [() => m('desk.lost'), 'bad'],
  },
  invoice: {
    draft: [() => m('desk.invoiceDraft'), ''],
    open: [() => m('desk.invoiceOpen'), 'bad'],
    paid: [() => m('desk.paid'), 'good'],
    void: [() => m('desk.invoiceVoid'), ''],
    uncollectible: [() => m('desk.invoiceLost'), 'bad'],
    partially_refunded: [() => m('desk.partlyBack'), 'warm'],
    refunded: [() => m('desk.back'), 'warm'],
  },
  byHand: {
    submitted: [() => m('desk.waiting'), 'blue'],
    approved: [() => m('desk.approved'), 'good'],
    rejected: [() => m('desk.rejected'), 'bad'],
    withdrawn: [() => m('desk.withdrawn'), ''],
  },
  subscription: {
    incomplete: [() => m('desk.incomplete'), ''],
    trialing: [() => m('desk.trialing'), 'blue'],
    active: [() => m('desk.active'), 'good'],
    past_due: [() => m('desk.pastDue'), 'bad'],
    unpaid: [() => m('desk.unpaid'), 'bad'],
    paused: [() => m('desk.paused'), 'warm'],
    canceled: [() => m('desk.over'), ''],
  },
  event: {
    received: [() => m('desk.received'), 'blue'],
    processed: [() => m('desk.applied'), 'good'],
    ignored: [() => m('desk.ignored'), ''],
    failed: [() => m('desk.failed'), 'bad'],
    dead: [() => m('desk.dead'), 'bad'],
  },
  run: {
    running: [() => m('desk.running'), 'blue'],
    done: [() => m('desk.done'), 'good'],
    failed: [() => m('desk.failed'), 'bad'],
  },
  arrears: {
    open: [() => m('desk.collecting'), 'bad'],
    paused: [() => m('desk.paused'), 'warm'],
    recovered: [() => m('desk.recovered'), 'good'],
    ended: [() => m('desk.over'), ''],
  },
} satisfies Record<string, Record<string, Standing>>

export type Kind = keyof typeof all

export function standing(kind: Kind, value: string): { text: string; tone: Tone } {
  const found = (all[kind] as Record<string, Standing>)[value]
  return found ? { text: found[0](), tone: found[1] } : { text: value, tone: '' }
}

// For a filter.
export const standings = (kind: Kind): [string, string][] => Object.entries(all[kind] as Record<string, Standing>).map(([value, [words]]) => [value, words()])

const names: Record<string, () => string> = { stripe: () => 'Stripe', paystack: () => 'Paystack', manual: () => m('desk.manual'), complimentary: () => m('desk.complimentary') }
export const providerName = (name: string): string => names[name]?.() ?? name
export const providers = (): [string, string][] => ['stripe', 'paystack', 'manual'].map((name) => [name, providerName(name)])

const methods: Record<string, () => string> = { bank: () => m('desk.bank'), mobile_money: () => m('desk.mobileMoney'), cash: () => m('desk.cash') }
export const methodName = (name: string): string => methods[name]?.() ?? name
