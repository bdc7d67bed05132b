import { api, ask, askWhole, tell, type Page, type Schemas } from '../../lib/api/client'
import { m } from '../../lib/i18n'

// What the screen of the school's files asks of the server.

export type Media = Schemas['Media']
export type Place = Schemas['MediaPlace']
export type Room = Schemas['MediaRoom']

const at = (id: string) => ({ params: { path: { id } } })

export const library = (asked: { kind?: Media['kind'] | undefined; q?: string | undefined; mine?: boolean | undefined }, cursor?: string): Promise<{ data: Media[]; page?: Page }> =>
  askWhole(api.GET('/api/media', { params: { query: { limit: 48, ...(asked.kind ? { kind: asked.kind } : {}), ...(asked.q ? { q: asked.q } : {}), ...(asked.mine ? { mine: true } : {}), ...(cursor ? { cursor } : {}) } } }))
export const room = (): Promise<Room> => ask(api.GET('/api/media/room'))
export const placesOf = (id: string): Promise<Schemas['MediaPlaces']> => ask(api.GET('/api/media/{id}/places', at(id)))
export const rename = (id: string, name: string): Promise<Media> => ask(api.PUT('/api/media/{id}', { ...at(id), body: { name } }))
export const remove = (id: string) => tell(api.DELETE('/api/media/{id}', at(id)))

// As a text shows it.
export function inText(item: Media): string {
  const words = item.name.replace(/\.\w+$/, '').replace(/[[\]\\]/g, ' ')
  return `${item.kind === 'image' ? '!' : ''}[${words}](/api/media/${item.id})`
}

export function placeWords(place: Place): string {
  const { title } = place
  return {
    course: m('library.inCourse'),
    module: m('library.inModule', { title }),
    lesson: m('library.inLesson', { title }),
    file: m('library.asFile', { title }),
    question: m('library.inQuestion', { title }),
    retired: m('library.inRetired', { title }),
    folder: m('library.inFolder', { title }),
  }[place.kind]
}

// Where it can be taken out; null where no screen does that.
export function placeLink(place: Place): string | null {
  if (!place.editable) return null
  const course = `/app/studio/courses/${place.courseId}`
  return { course: `${course}/settings`, module: course, lesson: `/app/studio/lessons/${place.id}`, file: `/app/studio/lessons/${place.id}`, question: `/app/studio/quizzes/${place.id}`, retired: null, folder: null }[place.kind]
}

export function mediaKindName(kind: Media['kind']): string {
  return { image: m('library.image'), audio: m('library.audio'), video: m('library.video'), file: m('library.file') }[kind]
}

// On the sprite.
export const mediaIcon: Record<Media['kind'], string> = { image: 'image', audio: 'sound', video: 'film', file: 'file' }
