import words from '../../../locales/en.hand.json'
import { learn } from '../../lib/i18n'

learn(words)
