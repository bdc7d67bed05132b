import { tick } from 'svelte'
import { ApiError } from './api/client'
import { m } from './i18n'

// A form that is sent once at a time, keeps what was typed, and leads to what is wrong with it. `fields` are the names
// the server's reasons may stand at; a reason for anything else is told above the form (ui/Problem.svelte).
export class Form {
  busy = $state(false)
  error = $state.raw<unknown>(null)
  element = $state<HTMLFormElement>()
  private fields: Set<string>

  constructor(...fields: string[]) {
    this.fields = new Set(fields)
  }

  at(field: string): string | undefined {
    const reason = this.error instanceof ApiError ? this.error.at(field) : undefined
    // How long an address is helps nobody to write one.
    return reason && field === 'email' && /^must be at least \d/.test(reason) ? m('field.emailWrong') : reason
  }

  get refusesFields(): boolean {
    return this.error instanceof ApiError && this.error.details.length > 0
  }

  // What stands at no field: the error itself, or the reasons for fields that are not on the screen.
  get general(): unknown {
    if (!(this.error instanceof ApiError)) return this.error
    const { details } = this.error
    if (!details.some((detail) => this.fields.has(detail.field))) return this.error
    const rest = details.filter((detail) => !this.fields.has(detail.field))
    return rest.length > 0 ? new ApiError(this.error.status, this.error.code, rest.map((detail) => `${detail.field}: ${detail.reason}`).join('; ')) : null
  }

  // True when the work was done. `meaning` says at which field a code of the server's stands, and in which words.
  submit = async (event: Event | null, work: () => Promise<void>, meaning: Record<string, { field: string; reason: string }> = {}): Promise<boolean> => {
    event?.preventDefault()
    if (this.busy) return false
    this.busy = true
    this.error = null
    try {
      await work()
      return true
    } catch (problem) {
      const known = problem instanceof ApiError && problem.details.length === 0 ? meaning[problem.code] : undefined
      this.error = known ? new ApiError((problem as ApiError).status, (problem as ApiError).code, known.reason, [known]) : problem
      await this.lead()
      return false
    } finally {
      this.busy = false
    }
  }

  // To the first field that is wrong, or to the sentence that says what is.
  private async lead(): Promise<void> {
    await tick()
    this.element?.querySelector<HTMLElement>('[aria-invalid=true], [data-problem]')?.focus()
  }
}
