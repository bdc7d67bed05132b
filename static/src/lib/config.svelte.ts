import { api, ask, type Schemas } from './api/client'

// The school's public settings; until they arrive, and where they cannot be had, these stand in.
export const config = $state<Schemas['Config']>({ name: '', mode: 'prod', currencies: [], providers: [], features: { registration: true }, passwordMinLength: 12 })

export async function loadConfig(): Promise<void> {
  try {
    Object.assign(config, await ask(api.GET('/api/config')))
  } catch {
    // Pages say themselves what they could not load.
  }
}
