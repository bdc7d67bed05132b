import { defineConfig, type Plugin } from 'vite'
import { svelte } from '@sveltejs/vite-plugin-svelte'

// Our policy is style-src 'self', which blocks <style> elements and style attributes made by script, but not the CSSOM.
// abcjs writes both; this turns them into what the policy allows.
function abcjsUnderOurPolicy(): Plugin {
  return {
    name: 'abcjs-under-our-policy',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/abcjs/src/')) return
      return code
        .replace(/\.setAttribute\((['"])style\1,\s*(.+?)\)(?=;|\s*$)/gm, '.style.cssText = $2')
        .replace(/Svg\.prototype\.insertStyles = function \(styles\) \{/, '$&\n\treturn;')
    },
  }
}

// The server takes forms from its own pages only: what comes through here comes from there.
const server = process.env.TUITION_URL ?? 'http://127.0.0.1:8080'
const api = { target: server, changeOrigin: true, headers: { origin: new URL(server).origin } }

export default defineConfig({
  plugins: [abcjsUnderOurPolicy(), svelte()],
  // A data: URL would need a hole in the policy.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    reportCompressedSize: false,
    // What every page needs in one file instead of twenty.
    rollupOptions: { input: ['index.html', 'docs.html'], output: { manualChunks: (id) => (/\/node_modules\/(svelte|clsx|esm-env|openapi-fetch)\/|\/src\/lib\/(?!(form\.svelte|ui\/(?!Sprite|Icon|Notice|Header|Footer|DevBanner|Failure|NotFound|Waiting)))|\/session\.svelte|\/locales\/en\.json/.test(id) ? 'base' : undefined) } },
  },
  server: { proxy: { '/api': api, '/dev': api } },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : undefined,
  test: { environment: 'jsdom', include: ['tests/**/*.test.ts'], environmentOptions: { jsdom: { url: 'http://school.example/' } } },
} as import('vitest/config').ViteUserConfig)
