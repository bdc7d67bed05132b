// The document's title belongs to the screen that is shown; App announces it after a visit.
export const page = $state({ title: '', school: '' })

export function title(text: string): void {
  page.title = text
}
