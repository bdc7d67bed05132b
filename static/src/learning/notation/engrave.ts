import renderAbc, { type Tune } from 'abcjs/src/api/abc_tunebook_svg'
import type { Sound } from './player'

// Draws ABC text and tells what it sounds like.

export interface Score {
  title: string
  bpm: number
  wholeSeconds: number
  sounds: Sound[]
  marks: { at: number; elements: Element[] }[]
  end: number
}

const fonts = {
  titlefont: '"Bodoni Moda" 19',
  subtitlefont: '"Bodoni Moda" 15',
  composerfont: '"Bodoni Moda" 14 italic',
  partsfont: '"Instrument Sans" 14 bold',
  tempofont: '"Instrument Sans" 13 bold',
  gchordfont: '"Instrument Sans" 13 bold',
  annotationfont: '"Instrument Sans" 12',
  vocalfont: '"Instrument Sans" 13',
  textfont: '"Instrument Sans" 14',
  measurefont: '"Instrument Sans" 11 italic',
}

export function engrave(target: HTMLElement, abc: string, width: number): Score | null {
  const narrow = width < 560
  const tune = renderAbc(target, abc, {
    add_classes: true,
    selectTypes: false,
    staffwidth: Math.max(200, width - 12),
    scale: narrow ? 0.95 : 1.15,
    paddingtop: 4,
    paddingbottom: 4,
    paddingleft: 4,
    paddingright: 4,
    foregroundColor: 'currentColor',
    format: fonts,
    wrap: { minSpacing: 1.4, maxSpacing: 2.8, preferredMeasuresPerLine: narrow ? 2 : 4 },
  })[0]
  if (!tune) return null
  return { title: tune.metaText?.title ?? '', bpm: Math.round(tune.getBpm()), ...timed(tune) }
}

// abcjs counts sounds in whole notes and highlights in milliseconds; here both are whole notes.
function timed(tune: Tune): Omit<Score, 'title' | 'bpm'> {
  const metre = tune.getMeterFraction()
  const wholeSeconds = tune.millisecondsPerMeasure() / 1000 / (metre.num / metre.den)
  const events = tune.setTiming(undefined, 0)
  const audio = tune.setUpAudio({})
  const sounds = audio.tracks.flatMap((track) =>
    track
      .filter((event) => event.cmd === 'note' && event.pitch > 0)
      .map((event) => ({ at: event.start, length: event.duration, midi: event.pitch, volume: Math.min(1, (event.volume || 80) / 110) })),
  )
  const marks = events
    .filter((event) => event.type === 'event' && event.elements)
    .map((event) => ({ at: event.milliseconds / 1000 / wholeSeconds, elements: (event.elements ?? []).flat().filter(Boolean) }))
  const last = sounds.reduce((end, sound) => Math.max(end, sound.at + sound.length), 0)
  return { wholeSeconds, sounds, marks, end: Math.max(last, audio.totalDuration || 0) }
}
