// Light or dark: the system's choice until somebody chooses. public/theme.js applies the remembered one before the first paint.
type Theme = 'light' | 'dark'

const dark = matchMedia('(prefers-color-scheme: dark)')

export const theme = $state<{ current: Theme }>({ current: chosen() ?? system() })

dark.addEventListener('change', () => {
  if (!chosen()) theme.current = system()
})

export function toggleTheme(): void {
  theme.current = theme.current === 'dark' ? 'light' : 'dark'
  document.documentElement.dataset.theme = theme.current
  try {
    localStorage.setItem('tuition.theme', theme.current)
  } catch {
    // Storage is blocked: the choice lasts for this visit.
  }
}

function chosen(): Theme | null {
  const value = document.documentElement.dataset.theme
  return value === 'light' || value === 'dark' ? value : null
}

function system(): Theme {
  return dark.matches ? 'dark' : 'light'
}
