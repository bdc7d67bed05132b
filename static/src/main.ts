import { mount } from 'svelte'
import './styles/app.css'
import App from './App.svelte'
import { restore } from './accounts/session.svelte'
import { loadConfig } from './lib/config.svelte'
import { useLocale } from './lib/i18n'
import { start } from './lib/router.svelte'
import { aliases, routes } from './routes'

useLocale(null)
void Promise.all([loadConfig(), restore()]).then(() => {
  start(routes, aliases)
  mount(App, { target: document.getElementById('app') as HTMLElement })
})
