// Runs before the first paint, so that a remembered theme does not flash the other one.
try {
  var theme = localStorage.getItem('tuition.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch (e) {
  // Storage is blocked: the system's theme stands.
}
