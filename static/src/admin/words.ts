import words from '../../locales/en.people.json'
import { learn } from '../lib/i18n'

learn(words)
