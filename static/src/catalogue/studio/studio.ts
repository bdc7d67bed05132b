import { api, ask, askWhole, tell, type Page, type Schemas } from '../../lib/api/client'
import { m } from '../../lib/i18n'

// What the teacher's screens ask of the server.

export type Card = Schemas['StudioCourse']
export type Course = Schemas['CourseSource']
export type Module = Course['modules'][number]
export type Line = Module['lessons'][number]
export type ModuleText = Schemas['ModuleSource']
export type Lesson = Schemas['LessonSource']
export type Rules = Lesson['rules']
export type Quiz = Schemas['QuizSource']
export type Question = Schemas['QuestionSource']
export type Kind = Lesson['kind']
export type QuestionKind = Question['kind']
export type Status = Course['status']

const at = (id: string) => ({ params: { path: { id } } })

export async function ownCourses(query: string, cursor?: string): Promise<{ rows: Card[]; next: string | null; total: number }> {
  const { data, page } = await askWhole(api.GET('/api/studio/courses', { params: { query: { limit: 50, ...(query ? { q: query } : {}), ...(cursor ? { cursor } : {}) } } }))
  return { rows: data, next: page?.nextCursor ?? null, total: page?.total ?? data.length }
}
export const course = (id: string): Promise<Course> => ask(api.GET('/api/studio/courses/{id}', at(id)))
export const makeCourse = (body: Schemas['CourseForm']): Promise<Course> => ask(api.POST('/api/courses', { body }))
export const saveCourse = (id: string, body: Schemas['CourseForm']): Promise<Course> => ask(api.PUT('/api/courses/{idOrSlug}', { params: { path: { idOrSlug: id } }, body }))
export const removeCourse = (id: string): Promise<Schemas['Removed']> => ask(api.DELETE('/api/courses/{idOrSlug}', { params: { path: { idOrSlug: id } } }))
export const publish = (id: string, revision: number): Promise<Course> => ask(api.POST('/api/courses/{id}/publish', { ...at(id), body: { revision } }))
export const withdraw = (id: string, revision: number): Promise<Course> => ask(api.POST('/api/courses/{id}/withdraw', { ...at(id), body: { revision } }))

export const makeModule = (courseId: string, title: string): Promise<ModuleText> => ask(api.POST('/api/courses/{id}/modules', { ...at(courseId), body: { title } }))
export const moduleText = (id: string): Promise<ModuleText> => ask(api.GET('/api/studio/modules/{id}', at(id)))
export const saveModule = (id: string, body: Schemas['ModuleForm']): Promise<ModuleText> => ask(api.PUT('/api/modules/{id}', { ...at(id), body }))
export const removeModule = (id: string, force: boolean) => tell(api.DELETE('/api/modules/{id}', { params: { path: { id }, query: force ? { force } : {} } }))
export const orderModules = (courseId: string, ids: string[]): Promise<Course> => ask(api.POST('/api/courses/{id}/modules/reorder', { ...at(courseId), body: { ids } }))

export const makeLesson = (moduleId: string, body: Schemas['LessonForm']): Promise<Lesson> => ask(api.POST('/api/modules/{id}/lessons', { ...at(moduleId), body }))
export const lesson = (id: string): Promise<Lesson> => ask(api.GET('/api/studio/lessons/{id}', at(id)))
export const saveLesson = (id: string, body: Schemas['LessonForm']): Promise<Lesson> => ask(api.PUT('/api/lessons/{id}', { ...at(id), body }))
export const removeLesson = (id: string, force: boolean) => tell(api.DELETE('/api/lessons/{id}', { params: { path: { id }, query: force ? { force } : {} } }))
export const orderLessons = (moduleId: string, ids: string[]): Promise<Course> => ask(api.POST('/api/modules/{id}/lessons/reorder', { ...at(moduleId), body: { ids } }))

export const quiz = (id: string): Promise<Quiz> => ask(api.GET('/api/quizzes/{id}/questions', at(id)))
export const saveQuiz = (id: string, body: Schemas['QuizForm']): Promise<Quiz> => ask(api.PUT('/api/quizzes/{id}', { ...at(id), body }))
export const addQuestion = (quizId: string, body: Schemas['QuestionForm']): Promise<Question> => ask(api.POST('/api/quizzes/{id}/questions', { ...at(quizId), body }))
const questionAt = (id: string, questionId: string) => ({ params: { path: { id, questionId } } })
export const saveQuestion = (quizId: string, id: string, body: Schemas['QuestionForm']): Promise<Question> => ask(api.PUT('/api/quizzes/{id}/questions/{questionId}', { ...questionAt(quizId, id), body }))
export const removeQuestion = (quizId: string, id: string) => tell(api.DELETE('/api/quizzes/{id}/questions/{questionId}', questionAt(quizId, id)))
export const orderQuestions = (quizId: string, ids: string[]): Promise<Quiz> => ask(api.POST('/api/quizzes/{id}/questions/reorder', { ...at(quizId), body: { ids } }))

export const copyQuestions = (quizId: string, questionIds: string[]): Promise<Quiz> => ask(api.POST('/api/quizzes/{id}/questions/copy', { ...at(quizId), body: { questionIds } }))

// --- The course's questions, its learners and its results

export type BankRow = Schemas['BankQuestion']
export type Learner = Schemas['Learner']
export type LearnerDetail = Schemas['LearnerDetail']
export type Analysis = Schemas['QuizAnalysis']

export interface Rows<T> {
  rows: T[]
  next: string | null
  total: number | null
}

export async function bank(courseId: string, query: string, cursor?: string | null): Promise<Rows<BankRow>> {
  const { data, page } = await askWhole(api.GET('/api/courses/{id}/questions', { params: { path: { id: courseId }, query: { limit: 50, ...(query ? { q: query } : {}), ...(cursor ? { cursor } : {}) } } }))
  return { rows: data, next: page?.nextCursor ?? null, total: page?.total ?? null }
}
export const learners = (courseId: string, query: string, cursor?: string): Promise<{ data: Learner[]; page?: Page }> =>
  askWhole(api.GET('/api/courses/{id}/learners', { params: { path: { id: courseId }, query: { limit: 50, ...(query ? { q: query } : {}), ...(cursor ? { cursor } : {}) } } }))
const learnerAt = (id: string, userId: string) => ({ params: { path: { id, userId } } })
export const learner = (courseId: string, userId: string): Promise<LearnerDetail> => ask(api.GET('/api/courses/{id}/learners/{userId}', learnerAt(courseId, userId)))
export const attempt = (quizId: string, attemptId: string): Promise<Schemas['Attempt']> => ask(api.GET('/api/quizzes/{id}/attempts/{attemptId}', { params: { path: { id: quizId, attemptId } } }))
export const openTo = (courseId: string, body: Schemas['GrantForm']): Promise<Schemas['Enrollment']> => ask(api.POST('/api/courses/{id}/learners', { ...at(courseId), body }))
export const takeOff = (courseId: string, userId: string) => tell(api.DELETE('/api/courses/{id}/learners/{userId}', learnerAt(courseId, userId)))
export const learnersFile = (courseId: string): string => `/api/courses/${encodeURIComponent(courseId)}/learners/export`
export const analysis = (quizId: string): Promise<Analysis> => ask(api.GET('/api/quizzes/{id}/analysis', at(quizId)))
export const analysisFile = (quizId: string): string => `/api/quizzes/${encodeURIComponent(quizId)}/analysis/export`

// The quizzes of a course, in order.
export function quizzesOf(of: Course): { id: string; title: string }[] {
  return of.modules.flatMap((module) => module.lessons.flatMap((line) => (line.quizId ? [{ id: line.quizId, title: line.title }] : [])))
}

export const preview = async (markdown: string, courseId: string): Promise<string> => (await ask(api.POST('/api/markdown/preview', { body: { markdown, courseId } }))).html

export function kindName(kind: Kind): string {
  const names: Record<string, string> = {
    text: m('studio.kindText'),
    case_review: m('studio.kindCase'),
    quiz: m('studio.kindQuiz'),
    embed: m('studio.kindEmbed'),
    image: m('studio.kindImage'),
    audio: m('studio.kindAudio'),
    video: m('studio.kindVideo'),
    file: m('studio.kindFile'),
    practice: m('studio.kindPractice'),
  }
  return names[kind] ?? kind
}

export function statusName(status: Status): string {
  return { draft: m('studio.draft'), published: m('studio.published'), archived: m('studio.archived') }[status]
}

// The thing at one place moved to another; the rest closes up.
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const made = [...list]
  made.splice(to, 0, ...made.splice(from, 1))
  return made
}
