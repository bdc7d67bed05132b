// "Hear What You Play: reading from the first note" is a title and what it is about.
export function parts(title: string): { main: string; rest: string | null } {
  const at = title.indexOf(': ')
  return at < 0 ? { main: title, rest: null } : { main: title.slice(0, at), rest: title.slice(at + 2) }
}
