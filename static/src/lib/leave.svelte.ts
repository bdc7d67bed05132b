import { onDestroy } from 'svelte'
import { guardLeaving } from './router.svelte'

// Asks before a page with unsaved changes is left: by a link, by the browser's buttons, or by closing it.
export function keepUnsaved(unsaved: () => boolean, question: () => string): void {
  const stay = (event: BeforeUnloadEvent) => {
    if (unsaved()) event.preventDefault()
  }
  addEventListener('beforeunload', stay)
  const release = guardLeaving(() => !unsaved() || confirm(question()))
  onDestroy(() => {
    removeEventListener('beforeunload', stay)
    release()
  })
}
