import { mount, unmount } from 'svelte'

// Turns every <pre data-abc> inside an element into music. What draws it is fetched only where there is some.
export function notation(node: HTMLElement): () => void {
  const blocks = [...node.querySelectorAll<HTMLElement>('pre[data-abc]')]
  const mounted: Record<string, unknown>[] = []
  let gone = false
  if (blocks.length > 0) {
    void import('./Notation.svelte').then(({ default: Notation }) => {
      if (gone) return
      for (const block of blocks) {
        const place = document.createElement('div')
        block.replaceWith(place)
        mounted.push(mount(Notation, { target: place, props: { abc: block.textContent ?? '' } }))
      }
    })
  }
  return () => {
    gone = true
    for (const component of mounted) void unmount(component)
  }
}
