// The first half of the Ode to Joy, as the specimen on the home page draws and plays it.
// step: distance from the middle line in half gaps, upwards; beats: quarter notes.
export interface Tone {
  step: number
  midi: number
  beats: number
  finger?: string
}

const e = { step: -3, midi: 64 }
const f = { step: -2, midi: 65 }
const g = { step: -1, midi: 67 }
const d = { step: -4, midi: 62 }
const c = { step: -5, midi: 60 }

export const bars: Tone[][] = [
  [{ ...e, beats: 1, finger: '3' }, { ...e, beats: 1 }, { ...f, beats: 1 }, { ...g, beats: 1, finger: '5' }],
  [{ ...g, beats: 1 }, { ...f, beats: 1 }, { ...e, beats: 1 }, { ...d, beats: 1, finger: '2' }],
  [{ ...c, beats: 1, finger: '1' }, { ...c, beats: 1 }, { ...d, beats: 1 }, { ...e, beats: 1 }],
  [{ ...e, beats: 1.5, finger: '3' }, { ...d, beats: 0.5 }, { ...d, beats: 2 }],
]
