import words from '../../../locales/en.desk.json'
import { learn } from '../../lib/i18n'

learn(words)
