// How far into a text somebody has read, as the server keeps it: seconds. A text has no clock, so its length is the
// lesson's, or what its words take to read, and the position is that share of it.

export function readingSeconds(words: number): number {
  return Math.max(30, Math.round((words / 200) * 60))
}

export function toPosition(fraction: number, lengthSeconds: number): number {
  return Math.round(Math.max(0, Math.min(1, fraction)) * lengthSeconds)
}

export function toFraction(positionSeconds: number, lengthSeconds: number): number {
  return lengthSeconds > 0 ? Math.max(0, Math.min(1, positionSeconds / lengthSeconds)) : 0
}

// The share of an element that has passed the lower edge of the window.
export function readFraction(box: { top: number; height: number }, windowHeight: number): number {
  if (box.height <= 0) return 0
  return Math.max(0, Math.min(1, (windowHeight - box.top) / box.height))
}

// HTML cut before each second-level heading; what stands before the first is a part of its own.
export function inSections(html: string): string[] {
  return html.split(/(?=<h2[\s>])/).filter((part) => part.trim() !== '')
}
