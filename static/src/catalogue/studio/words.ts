import words from '../../../locales/en.studio.json'
import { learn } from '../../lib/i18n'

learn(words)
