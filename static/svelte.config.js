import { vitePreprocess } from '@sveltejs/vite-plugin-svelte'

export default {
  preprocess: vitePreprocess(),
  onwarn(warning) {
    throw new Error(`${warning.filename}:${warning.start?.line}: ${warning.code}: ${warning.message}`)
  },
}
