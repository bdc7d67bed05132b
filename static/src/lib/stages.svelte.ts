import { tick } from 'svelte'

// A page that goes through stages under one heading, which gets the focus whenever a new stage begins.
export class Stages<S extends string> {
  at = $state() as S
  heading = $state<HTMLElement>()

  constructor(first: S) {
    this.at = first
  }

  turnTo = async (next: S): Promise<void> => {
    this.at = next
    await tick()
    this.heading?.focus()
  }
}

// A form behind a button: opening leads to its first field, closing back to the button.
export class Fold {
  open = $state(false)
  box = $state<HTMLElement>()

  turn = async (to: boolean): Promise<void> => {
    this.open = to
    await tick()
    this.box?.querySelector<HTMLElement>(to ? 'input:not([readonly])' : '[data-fold]')?.focus()
  }
}
