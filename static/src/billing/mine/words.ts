import words from '../../../locales/en.mine.json'
import { learn } from '../../lib/i18n'

learn(words)
