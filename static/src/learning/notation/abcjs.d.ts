// The parts of abcjs that are used. The whole package also carries a synthesiser that fetches sounds from a foreign host.
declare module 'abcjs/src/api/abc_tunebook_svg' {
  export interface TimingEvent {
    type: string
    milliseconds: number
    elements?: Element[][]
  }
  export interface TrackEvent {
    cmd: string
    pitch: number
    start: number
    duration: number
    volume: number
  }
  export interface Tune {
    metaText?: { title?: string }
    getBpm(): number
    getMeterFraction(): { num: number; den: number }
    millisecondsPerMeasure(bpm?: number): number
    setTiming(bpm?: number, extraMeasures?: number): TimingEvent[]
    setUpAudio(options?: Record<string, unknown>): { tracks: TrackEvent[][]; totalDuration: number }
    warnings?: string[]
  }
  export default function renderAbc(target: HTMLElement, abc: string, options: Record<string, unknown>): Tune[]
}
