// A plucked string (Karplus and Strong): a burst of noise runs round a delay line one period long and loses its edge on
// every turn. Each pitch is computed once, on first use.

const seconds = 3.2

export class Strings {
  private buffers = new Map<number, { buffer: AudioBuffer; rate: number }>()
  private out: AudioNode

  constructor(private context: BaseAudioContext) {
    const level = context.createGain()
    level.gain.value = 0.55
    const soft = context.createDynamicsCompressor()
    soft.threshold.value = -16
    soft.ratio.value = 4
    level.connect(soft).connect(context.destination)
    this.out = level
  }

  // Sounds a note at a time of the context's clock. Returns what stops it early.
  play(midi: number, when: number, length: number, volume: number): () => void {
    const { buffer, rate } = this.string(midi)
    const source = this.context.createBufferSource()
    source.buffer = buffer
    source.playbackRate.value = rate
    const gain = this.context.createGain()
    const end = when + Math.max(length, 0.12)
    gain.gain.setValueAtTime(volume, when)
    gain.gain.setValueAtTime(volume, end)
    gain.gain.exponentialRampToValueAtTime(0.0008, end + 0.35)
    source.connect(gain).connect(this.out)
    source.start(when)
    source.stop(end + 0.4)
    return () => {
      const now = this.context.currentTime
      gain.gain.cancelScheduledValues(now)
      gain.gain.setTargetAtTime(0, now, 0.03)
      source.stop(Math.max(now, when) + 0.2)
    }
  }

  private string(midi: number): { buffer: AudioBuffer; rate: number } {
    let made = this.buffers.get(midi)
    if (!made) {
      const samples = pluck(frequency(midi), this.context.sampleRate)
      const buffer = this.context.createBuffer(1, samples.data.length, this.context.sampleRate)
      buffer.getChannelData(0).set(samples.data)
      made = { buffer, rate: samples.rate }
      this.buffers.set(midi, made)
    }
    return made
  }
}

export function frequency(midi: number): number {
  return 440 * 2 ** ((midi - 69) / 12)
}

// The loop holds a whole number of samples; `rate` is how much faster to play it to be in tune.
export function pluck(hertz: number, sampleRate: number): { data: Float32Array; rate: number } {
  const period = Math.max(2, Math.round(sampleRate / hertz - 0.5))
  const data = new Float32Array(Math.floor(sampleRate * seconds))
  const loop = new Float32Array(period)

  let seed = 20201
  let soft = 0
  for (let i = 0; i < period; i++) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
    soft += 0.55 * (seed / 0x3fffffff - 1 - soft)
    loop[i] = soft
  }
  // Plucked a fifth of the way along, which takes the harshest overtones out.
  const shaped = loop.map((value, i) => value - 0.75 * (loop[(i + Math.floor(period / 5)) % period] as number))
  const mean = shaped.reduce((sum, value) => sum + value, 0) / period
  const peak = shaped.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 1e-6)
  for (let i = 0; i < period; i++) loop[i] = ((shaped[i] as number) - mean) / peak

  // Low and high strings ring about equally long.
  const keep = 0.5 ** (1 / (hertz * 0.9))
  let place = 0
  for (let i = 0; i < data.length; i++) {
    const value = loop[place] as number
    const following = (place + 1) % period
    data[i] = value * Math.min(1, i / 40)
    loop[place] = keep * 0.5 * (value + (loop[following] as number))
    place = following
  }
  return { data, rate: (hertz * (period + 0.5)) / sampleRate }
}
