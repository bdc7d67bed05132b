import { Strings } from './pluck'

// Plays notes whose times are in whole notes, so that the tempo can change while they sound.

export interface Sound {
  at: number
  length: number
  midi: number
  volume: number
}

export interface Listener {
  onmark: (index: number) => void // which mark is sounding; -1 for none
  onstate: (playing: boolean) => void
}

const ahead = 0.12 // seconds scheduled in advance
const every = 30 // milliseconds between looks ahead

export class Player {
  tempo = 1
  loop = false
  private context: AudioContext | null = null
  private strings: Strings | null = null
  private timer = 0
  private frame = 0
  private position = 0
  private anchor = 0
  private next = 0
  private mark = -1
  private sounding: { until: number; stop: () => void }[] = []

  // marks: where each thing to be highlighted begins, ascending. wholeSeconds: how long a whole note lasts at tempo 1.
  constructor(
    private sounds: Sound[],
    private marks: number[],
    private end: number,
    private wholeSeconds: number,
    private listener: Listener,
  ) {
    this.sounds = [...sounds].sort((a, b) => a.at - b.at)
  }

  get playing(): boolean {
    return this.timer !== 0
  }

  async play(): Promise<void> {
    if (this.playing) return
    this.context ??= new AudioContext()
    this.strings ??= new Strings(this.context)
    if (this.context.state === 'suspended') await this.context.resume()
    if (this.position >= this.end) this.position = 0
    this.begin(this.context.currentTime + 0.06)
    this.timer = window.setInterval(() => this.schedule(), every)
    this.schedule()
    this.frame = requestAnimationFrame(this.show)
    this.listener.onstate(true)
  }

  pause(): void {
    if (!this.playing) return
    this.position = Math.min(this.end, Math.max(0, this.now()))
    this.halt()
  }

  rewind(): void {
    const on = this.playing
    this.halt()
    this.position = 0
    this.setMark(-1)
    if (on) void this.play()
  }

  setTempo(tempo: number): void {
    if (this.playing && this.context) {
      const here = this.now()
      this.tempo = tempo
      this.anchor = this.context.currentTime - here * this.seconds()
    } else this.tempo = tempo
  }

  close(): void {
    this.halt()
    void this.context?.close()
    this.context = null
    this.strings = null
  }

  private seconds(): number {
    return this.wholeSeconds / this.tempo
  }

  private now(): number {
    return this.context ? (this.context.currentTime - this.anchor) / this.seconds() : this.position
  }

  private begin(when: number): void {
    this.anchor = when - this.position * this.seconds()
    this.next = this.sounds.findIndex((sound) => sound.at >= this.position - 1e-6)
    if (this.next < 0) this.next = this.sounds.length
  }

  private schedule(): void {
    const context = this.context as AudioContext
    this.sounding = this.sounding.filter((sound) => sound.until > context.currentTime)
    const horizon = this.now() + ahead / this.seconds()
    for (; this.next < this.sounds.length; this.next++) {
      const sound = this.sounds[this.next] as Sound
      if (sound.at > horizon) break
      const when = Math.max(context.currentTime, this.anchor + sound.at * this.seconds())
      const length = sound.length * this.seconds()
      this.sounding.push({ until: when + length + 0.4, stop: (this.strings as Strings).play(sound.midi, when, length, sound.volume) })
    }
    if (this.now() < this.end) return
    if (this.loop) {
      this.position = 0
      this.begin(this.anchor + this.end * this.seconds())
      this.schedule()
    } else {
      this.sounding = []
      this.halt()
      this.position = 0
      this.setMark(-1)
    }
  }

  private show = (): void => {
    if (!this.playing) return
    const now = this.now()
    let index = -1
    for (let i = 0; i < this.marks.length && (this.marks[i] as number) <= now + 1e-3; i++) index = i
    this.setMark(index)
    this.frame = requestAnimationFrame(this.show)
  }

  private setMark(index: number): void {
    if (index === this.mark) return
    this.mark = index
    this.listener.onmark(index)
  }

  private halt(): void {
    if (!this.playing) return
    clearInterval(this.timer)
    cancelAnimationFrame(this.frame)
    this.timer = 0
    for (const sound of this.sounding) sound.stop()
    this.sounding = []
    this.listener.onstate(false)
  }
}
