// What has been seen or heard of a recording, as whole seconds: [from, to) pairs, ascending and apart from each other.

export type Range = [from: number, to: number]

// Playing moves on in small steps; whatever jumps further was a seek, and what lies between was not watched.
const step = 2.5

export class Watched {
  private fresh: Range[] = []
  private at: number | null = null

  // Called as often as the player says where it is.
  now(seconds: number, playing: boolean): void {
    const before = this.at
    this.at = playing ? seconds : null
    if (before === null || seconds <= before || seconds - before > step) return
    const last = this.fresh[this.fresh.length - 1]
    if (last && Math.abs(last[1] - before) < 0.01) last[1] = seconds
    else this.fresh.push([before, seconds])
  }

  // The player has jumped.
  jumped(): void {
    this.at = null
  }

  // What is new since the last time. A second counts once it was played through, or its larger part.
  take(): Range[] {
    const whole: Range[] = []
    for (const [from, to] of this.fresh) {
      const range: Range = [Math.round(from), Math.round(to)]
      if (range[1] > range[0]) whole.push(range)
    }
    const last = this.fresh[this.fresh.length - 1]
    // The part of a second that is under way is kept for the next time.
    this.fresh = last ? [[Math.min(last[1], Math.round(last[1])), last[1]]] : []
    whole.sort((a, b) => a[0] - b[0])
    const joined: Range[] = []
    for (const range of whole) {
      const before = joined[joined.length - 1]
      if (before && range[0] <= before[1]) before[1] = Math.max(before[1], range[1])
      else joined.push(range)
    }
    return joined.slice(0, 100)
  }
}

// Where to go on: not where one had hardly begun, and not at the very end.
export function resumeAt(position: number, length: number): number {
  return position >= 5 && Number.isFinite(length) && position < length - 5 ? position : 0
}
