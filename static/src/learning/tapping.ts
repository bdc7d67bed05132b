import type { Strings } from './notation/pluck'

// A rhythm to be tapped: four beats are counted in, then taps are timed by the clock that sounds the beats.

export interface Beats {
  tempo: number
  beats: number
  onbeat: (beat: number, counting: boolean) => void
  onend: () => void
}

const countIn = 4

export class Tapping {
  readonly taps: number[] = []
  private readonly first: number // when the first beat of the rhythm sounds, by the context's clock
  private readonly stops: (() => void)[] = []
  private readonly timers: ReturnType<typeof setTimeout>[] = []
  private over = false

  constructor(
    private context: AudioContext,
    strings: Strings,
    private plan: Beats,
  ) {
    const beat = 60 / plan.tempo
    const begin = context.currentTime + 0.25
    this.first = begin + countIn * beat
    for (let i = 0; i < countIn + plan.beats; i++) {
      const at = begin + i * beat
      // Higher on the first beat of a bar, quieter once the rhythm is tapped.
      this.stops.push(strings.play(i % 4 === 0 ? 84 : 77, at, 0.1, i < countIn ? 0.9 : 0.45))
      this.timers.push(setTimeout(() => plan.onbeat((i % 4) + 1, i < countIn), (at - context.currentTime) * 1000))
    }
    this.timers.push(setTimeout(() => this.end(), (this.first + plan.beats * beat + 0.35 - context.currentTime) * 1000))
  }

  tap(): void {
    if (this.over) return
    const at = Math.round((this.context.currentTime - this.first) * 1000)
    if (at > -300 && this.taps.length < 200) this.taps.push(at)
  }

  stop(): void {
    this.over = true
    for (const timer of this.timers) clearTimeout(timer)
    for (const stop of this.stops) stop()
  }

  private end(): void {
    this.over = true
    this.plan.onend()
  }
}
